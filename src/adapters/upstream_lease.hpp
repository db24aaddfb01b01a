#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "sluice/adapters/answer_parser.hpp"
#include "sluice/ports/upstream.hpp"
#include "upstream_core.hpp"

namespace sluice::adapters {

/// A connection leased for one exchange.
class Lease final : public ports::Connection {
 public:
  using Outcome = std::expected<orders::HttpReply, ports::Broken>;

  Lease(std::shared_ptr<UpstreamCore> core, Idle idle);
  ~Lease() override;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  bool usable() override;
  ports::Task<Outcome> post(std::string path, std::string body, std::string request_id,
                            std::function<void()> written) override;

 private:
  struct Reading {
    AnswerParser::Step step;
    boost::system::error_code error;
  };

  std::string compose(const std::string& path, const std::string& body, const std::string& request_id) const;
  ports::Task<Reading> read_answer(AnswerParser& answer);
  Error what_broke(const Reading& reading, const AnswerParser& answer, bool bytes_out) const;

  std::shared_ptr<UpstreamCore> core_;
  Idle idle_;
  bool posted_ = false;
  bool clean_ = true;  ///< another exchange may follow on it
};

}  // namespace sluice::adapters
