#include "web/reply.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>

#include "sluice/text/sentence.hpp"

namespace sluice::control::web {

namespace {

unsigned status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return 400;
    case ErrorKind::permission:
      return 403;
    case ErrorKind::missing:
    case ErrorKind::changed:
      return 404;
    case ErrorKind::usage:
    case ErrorKind::exists:
      return 409;
    case ErrorKind::no_space:
      return 507;
    default:
      return 503;
  }
}

}  // namespace

Reply problem(unsigned status, const std::string& words, std::string_view type) {
  namespace http = boost::beast::http;
  const auto title = http::obsolete_reason(http::int_to_status(status));
  return {.status = status,
          .body = boost::json::serialize(boost::json::object{{"type", type},
                                                             {"title", std::string_view(title.data(), title.size())},
                                                             {"status", status},
                                                             {"detail", text::in(text::Lang::en, words)},
                                                             {"detail_zh", text::in(text::Lang::zh, words)}}),
          .type = "application/problem+json"};
}

Reply problem(const Error& error) {
  return problem(status_of(error.kind), error.words);
}

}  // namespace sluice::control::web
