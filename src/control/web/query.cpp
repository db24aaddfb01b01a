#include "web/query.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::control::web {

std::string decoded(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const auto digits = text.substr(i + 1 < text.size() ? i + 1 : text.size(), 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (text[i] == '%' && digits.size() == 2 && error == std::errc{} && end == digits.data() + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' && plus == Plus::is_blank ? ' ' : text[i];
    }
  }
  return out;
}

std::string query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto one = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(one.find('='), one.size());
    if (decoded(one.substr(0, equals), Plus::is_blank) != name) continue;
    return decoded(one.substr(std::min(equals + 1, one.size())), Plus::is_blank);
  }
  return {};
}

}  // namespace sluice::control::web
