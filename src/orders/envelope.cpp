#include "envelope.hpp"

#include <charconv>
#include <utility>

#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

/// nullptr: it is not GB18030.
std::unique_ptr<const std::string> from_gb18030(std::string_view body) {
  text::Decoded out;
  if (!text::decode(text::Encoding::gb18030, body, true, out)) return nullptr;
  return std::make_unique<const std::string>(std::move(out.utf8));
}

}  // namespace

std::optional<int> integer_of(std::string_view text) {
  const auto trimmed = text::trim(text);
  int value = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
  if (error != std::errc{} || end != trimmed.data() + trimmed.size()) return std::nullopt;
  return value;
}

Envelope Envelope::read(std::string_view body, std::span<const std::string_view> wanted) {
  Envelope envelope;
  std::string_view utf8 = body;
  if (!text::is_utf8(body)) {
    envelope.decoded_ = from_gb18030(body);
    if (!envelope.decoded_) return envelope;
    utf8 = *envelope.decoded_;
  }
  envelope.text_ = true;
  const auto content = text::trim(utf8);  // a BOM, too
  auto json = AnswerJson::parse(content, wanted);
  envelope.html_ = !json && content.starts_with('<');
  if (!json || !json->is_object()) return envelope;
  envelope.json_ = std::move(json);
  if (const auto code = envelope.json_->root("code").said()) envelope.code_ = integer_of(*code);
  for (const auto* name : {"msg", "message"})
    if (envelope.message_.empty()) envelope.message_ = envelope.json_->root(name).said().value_or("");
  return envelope;
}

}  // namespace sluice::orders
