#include <string>

#include "clean_value.hpp"
#include "field_rules.hpp"
#include "sluice/orders/vocabulary.hpp"

namespace sluice::orders {

namespace {

using text::Message;
using text::Word;

struct Candidates {
  std::string briefs;   ///< 湖南, 河南
  std::string pinyins;  ///< Hunan, Henan
};

Candidates candidates_of(const AmbiguousProvince& ambiguous) {
  Candidates out;
  for (const auto wire : ambiguous.candidates) {
    const Province* province = province_of_wire(wire);
    out.briefs.append(out.briefs.empty() ? "" : "、").append(province->brief);
    out.pinyins.append(out.pinyins.empty() ? "" : ", ").append(province->pinyin);
  }
  return out;
}

}  // namespace

Normalised normalise_isp(const FieldInput& in, std::vector<Message>&) {
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  const Isp* isp = find_isp(value.text);
  if (!isp) return std::unexpected(about(Word::isp_unknown, in));
  if (!isp->supported) return std::unexpected(about(Word::isp_unsupported, in));
  return std::string(isp->wire);
}

Normalised normalise_province(const FieldInput& in, std::vector<Message>& warnings) {
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  const auto [province, ambiguous] = find_province(value.text);
  if (ambiguous) {
    auto [briefs, pinyins] = candidates_of(*ambiguous);
    return std::unexpected(about(Word::province_ambiguous, in, {std::move(briefs), std::move(pinyins)}));
  }
  if (!province) return std::unexpected(about(Word::province_unknown, in));
  if (province->unverified) warnings.push_back(about(Word::warn_province_unverified, in));
  return std::string(province->wire);
}

Normalised normalise_boolean(const FieldInput& in, std::vector<Message>&) {
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  const auto yes = find_boolean(value.text);
  if (!yes) return std::unexpected(about(Word::boolean_unknown, in));
  return *yes ? "true" : "false";
}

}  // namespace sluice::orders
