#include "envelope.hpp"

#include <charconv>
#include <utility>

#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

/// nullopt: neither UTF-8 nor GB18030.
std::optional<std::string> decoded(const std::string& body) {
  if (text::is_utf8(body)) return body;
  text::Decoded out;
  if (!text::decode(text::Encoding::gb18030, body, true, out)) return std::nullopt;
  return std::move(out.utf8);
}

}  // namespace

std::optional<int> integer_of(std::string_view text) {
  const auto trimmed = text::trim(text);
  int value = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
  if (error != std::errc{} || end != trimmed.data() + trimmed.size()) return std::nullopt;
  return value;
}

Envelope Envelope::read(const std::string& body) {
  Envelope envelope;
  const auto utf8 = decoded(body);
  if (!utf8) return envelope;
  envelope.text_ = true;
  const auto content = text::trim(*utf8);  // a BOM, too
  auto json = AnswerJson::parse(content);
  envelope.html_ = !json && content.starts_with('<');
  if (!json || !json->is_object()) return envelope;
  envelope.json_ = std::move(json);
  const auto root = envelope.json_->root();
  if (const auto code = root.text("code")) envelope.code_ = integer_of(*code);
  for (const auto* name : {"msg", "message"})
    if (envelope.message_.empty()) envelope.message_ = root.text(name).value_or("");
  return envelope;
}

}  // namespace sluice::orders
