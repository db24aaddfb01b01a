#include "reply.hpp"

#include <fmt/format.h>
#include <boost/beast/http/status.hpp>

#include <iterator>

namespace sluice::sandbox {

std::string http_text(const Reply& reply, bool keep_alive) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(reply.status)));
  std::string text;
  text.reserve(reply.body.size() + reply.headers.size() + 256);
  fmt::format_to(std::back_inserter(text),
                 "HTTP/1.1 {} {}\r\nServer: sluice-sandbox\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}{}\r\n",
                 reply.status, std::string_view(reason.data(), reason.size()), reply.content_type, reply.body.size(),
                 reply.headers, keep_alive ? "" : "Connection: close\r\n");
  text += reply.body;
  return text;
}

}  // namespace sluice::sandbox
