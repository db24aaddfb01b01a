#include "upstream/request.hpp"

#include <fmt/format.h>

namespace sluice::adapters::upstream {

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
  request += body;
  return request;
}

}  // namespace sluice::adapters::upstream
