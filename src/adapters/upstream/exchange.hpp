#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/config/base_url.hpp"
#include "sluice/ports/upstream.hpp"
#include "upstream/answer_parser.hpp"
#include "upstream/core.hpp"

namespace sluice::adapters::upstream {

/// A connection leased for one exchange.
class Exchange final : public ports::Connection {
 public:
  using Outcome = std::expected<orders::HttpReply, ports::Broken>;

  Exchange(std::shared_ptr<UpstreamCore> core, Idle idle);
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  bool usable() override;
  ports::Task<Outcome> post(std::string path, std::string body, std::string request_id,
                            ports::Progress progress) override;

 private:
  struct Reading {
    AnswerParser::Step step;
    boost::system::error_code error;
  };

  ports::Task<Reading> read_answer(AnswerParser& answer);
  Error what_broke(const Reading& reading, const AnswerParser& answer, bool bytes_out) const;

  std::shared_ptr<UpstreamCore> core_;
  Idle idle_;
  bool posted_ = false;
  bool clean_ = true;  ///< another exchange may follow on it
};

/// One POST under the base URL's path as it goes over the wire (RFC 9112), head and body.
std::string compose_request(const config::BaseUrl& url, std::string_view credential, std::string_view path,
                            std::string_view body, std::string_view request_id);

}  // namespace sluice::adapters::upstream
