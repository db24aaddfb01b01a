#include "vocabulary.hpp"

#include <algorithm>
#include <string>

#include "alias_index.hpp"
#include "boolean_table.hpp"
#include "isp_table.hpp"
#include "province_table.hpp"

namespace sluice::orders {

namespace {

using ProvinceIndex = AliasIndex<ProvinceMatch>;

void add_province(ProvinceIndex& index, const Province& province, std::string_view alias) {
  // What is ambiguous stays so, even where it is some table's code.
  if (const ProvinceMatch* there = index.find(alias); there && there->ambiguous) return;
  index.add(alias, {.province = &province});
}

/// 省, 市, ...: what the full name ends with.
std::string_view suffix_of(const Province& province) {
  const auto& all = province_table::kSuffixes;
  const auto found = std::ranges::find_if(all, [&](std::string_view s) { return province.name.ends_with(s); });
  return found == all.end() ? std::string_view{} : *found;
}

ProvinceIndex index_provinces() {
  ProvinceIndex index;
  for (const auto& ambiguous : province_table::kAmbiguous) index.add(ambiguous.written, {.ambiguous = &ambiguous});
  for (const auto& province : province_table::kProvinces) {
    const auto add = [&](std::string_view alias) { add_province(index, province, alias); };
    const auto add_with_suffix = [&](std::string_view alias) { add(std::string(alias).append(suffix_of(province))); };
    for (const auto alias : {province.wire, province.name, province.pinyin, province.iso, province.gb}) add(alias);
    add(province.brief);
    add_with_suffix(province.brief);
    for (const auto alias : province.alt) {
      add(alias);
      add_with_suffix(alias);
    }
  }
  return index;
}

AliasIndex<const Isp*> index_isps() {
  AliasIndex<const Isp*> index;
  for (const auto& isp : isp_table::kIsps) {
    if (!isp.wire.empty()) index.add(isp.wire, &isp);
    for (const auto alias : isp.aliases) index.add(alias, &isp);
  }
  return index;
}

AliasIndex<bool> index_booleans() {
  AliasIndex<bool> index;
  for (const auto alias : boolean_table::kYes) index.add(alias, true);
  for (const auto alias : boolean_table::kNo) index.add(alias, false);
  return index;
}

}  // namespace

std::span<const Province> provinces() {
  return province_table::kProvinces;
}

const Province* province_of_wire(std::string_view wire) {
  const auto found = std::ranges::find(province_table::kProvinces, wire, &Province::wire);
  return found == province_table::kProvinces.end() ? nullptr : &*found;
}

ProvinceMatch find_province(std::string_view written) {
  static const ProvinceIndex kIndex = index_provinces();
  const ProvinceMatch* found = kIndex.find(written);
  return found ? *found : ProvinceMatch{};
}

const Isp* find_isp(std::string_view written) {
  static const auto kIndex = index_isps();
  const Isp* const* found = kIndex.find(written);
  return found ? *found : nullptr;
}

std::optional<bool> find_boolean(std::string_view written) {
  static const auto kIndex = index_booleans();
  const bool* found = kIndex.find(written);
  return found ? std::optional(*found) : std::nullopt;
}

}  // namespace sluice::orders
