#include "upstream/exchange.hpp"

#include <fmt/format.h>
#include <boost/beast/core/error.hpp>

#include <algorithm>
#include <memory>
#include <utility>

#include "sluice/base/check.hpp"
#include "sluice/base/failpoint.hpp"
#include "upstream/arrival_watch.hpp"
#include "upstream/limits.hpp"
#include "upstream/spoken.hpp"

namespace sluice::adapters::upstream {

namespace asio = boost::asio;
namespace words = text::words;
using boost::system::error_code;

namespace {

Nanos idleness_allowed(const AnswerParser& answer) {
  const auto promised = answer.keep_alive();
  return promised ? std::clamp(Nanos(*promised) - kKeepAliveMargin, Nanos(0), kMostIdle) : kMostIdle;
}

}  // namespace

Exchange::Exchange(std::shared_ptr<UpstreamCore> core, Idle idle) : core_(std::move(core)), idle_(std::move(idle)) {}

Exchange::~Exchange() {
  if (clean_ && !idle_.wire->was_cut())
    core_->give_back(std::move(idle_));
  else
    idle_.wire->abandon();
}

bool Exchange::usable() {
  return clean_ && core_->usable(idle_);
}

/// Reads while the request is still being written: a server may refuse it before it has it all.
ports::Task<Exchange::Reading> Exchange::read_answer(AnswerParser& answer) {
  for (;;) {
    const auto [error, bytes] = co_await idle_.wire->read_some();
    const auto step = answer.feed(bytes);
    if (step != AnswerParser::Step::need_more) co_return Reading{step, {}};
    if (error) co_return Reading{answer.end(error == asio::error::eof), error};
  }
}

Error Exchange::what_broke(const Reading& reading, const AnswerParser& answer, bool bytes_out) const {
  const Peer& peer = *idle_.wire->peer();
  const std::string host = origin(peer.url);
  const error_code unsent = idle_.wire->write_error();
  if (idle_.wire->was_cut()) return {ErrorKind::cancelled, words::cut_by_us_here(host)};
  if (reading.error == boost::beast::error::timeout)
    return {ErrorKind::network, words::no_answer_within(host, text::duration_words(peer.response_timeout))};
  if (!bytes_out) return {ErrorKind::network, words::gone_before(host, spoken(unsent ? unsent : reading.error))};
  if (reading.error) return {ErrorKind::network, words::broke_after(host, answer.complaint(), spoken(reading.error))};
  return {ErrorKind::network, words::not_http(host, answer.complaint())};
}

ports::Task<Exchange::Outcome> Exchange::post(std::string path, std::string body, std::string request_id,
                                              ports::Progress progress) {
  SLUICE_CHECK(!std::exchange(posted_, true), "a connection is leased for one request");
  const bool fit = std::exchange(clean_, false) && !idle_.wire->was_cut();
  const auto wire = idle_.wire;
  const std::uint64_t before = wire->bytes_out();
  AnswerParser answer;

  SLUICE_FAILPOINT("upstream.before_first_byte");
  wire->expires_after(wire->peer()->response_timeout);
  // Ends with this exchange: nothing is told of it afterwards.
  const auto watch = std::make_shared<ArrivalWatch>(wire);
  wire->start_write(compose_request(wire->peer()->url, core_->credential.value(), path, body, request_id),
                    [progress = std::move(progress), weak = std::weak_ptr(watch)]() mutable {
                      SLUICE_FAILPOINT("upstream.written");
                      progress.written();
                      if (const auto watch = weak.lock()) watch->begin(std::move(progress.acknowledged));
                    });
  const Reading reading = co_await read_answer(answer);
  const bool whole = reading.step == AnswerParser::Step::done && !wire->writing();
  if (!whole) wire->close();
  co_await wire->write_ended();

  const bool bytes_out = wire->bytes_out() != before;
  if (auto refusal = wire->refusal(); refusal && reading.step != AnswerParser::Step::done)
    co_return std::unexpected(ports::Broken{.bytes_out = false, .error = std::move(*refusal)});
  if (!bytes_out || !answer.head_done())
    co_return std::unexpected(ports::Broken{bytes_out, what_broke(reading, answer, bytes_out)});
  SLUICE_FAILPOINT("upstream.answered");
  clean_ = fit && whole && !wire->write_error() && answer.reusable();
  if (clean_) idle_ = core_->idle_from_now(wire, idleness_allowed(answer));
  orders::HttpReply reply = answer.take_reply();
  for (std::string* echo : {&reply.body, &reply.cache, &reply.flaw})
    *echo = core_->credential.redacted(std::move(*echo));
  co_return reply;
}

std::string compose_request(const config::BaseUrl& url, std::string_view credential, std::string_view path,
                            std::string_view body, std::string_view request_id) {
  std::string request = fmt::format(
      "POST {}{} HTTP/1.1\r\n"
      "Host: {}\r\n"
      "Authorization: {}\r\n"
      "Content-Type: application/json;charset=utf-8\r\n"
      "Accept: application/json\r\n"
      "Accept-Encoding: identity\r\n"
      "Cache-Control: no-store\r\n"
      "User-Agent: sluice/" SLUICE_VERSION
      "\r\n"
      "X-Request-Id: {}\r\n"
      "Content-Length: {}\r\n\r\n",
      url.path, path, url.authority, credential, request_id, body.size());
  request.reserve(request.size() + body.size());
  request += body;
  return request;
}

}  // namespace sluice::adapters::upstream
