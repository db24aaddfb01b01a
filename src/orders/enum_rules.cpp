#include <string>

#include "clean_value.hpp"
#include "field_rules.hpp"
#include "sluice/base/check.hpp"
#include "vocabulary.hpp"

namespace sluice::orders {

namespace {

using text::Message;
using text::Word;

/// What an ambiguous province could mean: {湖南、河南, "Hunan, Henan"}.
std::vector<std::string> candidates_of(const AmbiguousProvince& ambiguous) {
  std::string chinese;
  std::string english;
  const auto add = [&](std::string_view name, std::string_view pinyin) {
    chinese.append(chinese.empty() ? "" : "、").append(name);
    english.append(english.empty() ? "" : ", ").append(pinyin);
  };
  for (const auto wire : ambiguous.candidates) {
    const Province* province = province_of_wire(wire);
    SLUICE_CHECK(province, "an ambiguous province without a table row");
    add(province->brief, province->pinyin);
  }
  if (!ambiguous.city.empty()) add(ambiguous.city, ambiguous.city_pinyin);
  return {chinese, english};
}

std::string_view wire_of(bool yes) {
  return yes ? "true" : "false";
}

}  // namespace

// What the tables know as it is written, blanks and widths aside.

std::string_view plain_isp(std::string_view text, const JudgeContext&) {
  const Isp* isp = find_isp(text);
  return isp && isp->supported ? isp->wire : std::string_view{};
}

std::string_view plain_province(std::string_view text, const JudgeContext&) {
  const Province* province = find_province(text).province;
  return province && !province->unverified ? province->wire : std::string_view{};
}

std::string_view plain_boolean(std::string_view text, const JudgeContext&) {
  const auto yes = find_boolean(text);
  return !yes ? std::string_view{} : wire_of(*yes);
}

Normalised normalise_isp(const FieldInput& in, std::vector<Message>&) {
  std::string scratch;
  const auto value = clean_for_lookup(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  const Isp* isp = find_isp(value.text);
  if (!isp) return std::unexpected(about(Word::isp_unknown, in));
  if (!isp->supported) return std::unexpected(about(Word::isp_unsupported, in));
  return std::string(isp->wire);
}

Normalised normalise_province(const FieldInput& in, std::vector<Message>& warnings) {
  std::string scratch;
  const auto value = clean_for_lookup(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  const auto [province, ambiguous] = find_province(value.text);
  if (ambiguous) return std::unexpected(about(Word::province_ambiguous, in, candidates_of(*ambiguous)));
  if (!province) return std::unexpected(about(Word::province_unknown, in));
  if (province->unverified) warnings.push_back(about(Word::warn_province_unverified, in));
  return std::string(province->wire);
}

Normalised normalise_boolean(const FieldInput& in, std::vector<Message>&) {
  std::string scratch;
  const auto value = clean_for_lookup(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  const auto yes = find_boolean(value.text);
  if (!yes) return std::unexpected(about(Word::boolean_unknown, in));
  return std::string(wire_of(*yes));
}

}  // namespace sluice::orders
