#include "columns.hpp"

#include <algorithm>
#include <array>

#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

struct Brackets {
  std::string_view open;
  std::string_view close;
};
/// After NFKC, which makes （ ） and ［ ］ of ASCII.
constexpr std::array<Brackets, 3> kBrackets{{{"(", ")"}, {"[", "]"}, {"【", "】"}}};

/// Stars and colons at either end off, as often as they stand there.
std::string_view without_marks(std::string_view header) {
  while (true) {
    header = text::trim(header);
    if (header.starts_with('*')) {
      header.remove_prefix(1);
    } else if (header.ends_with('*') || header.ends_with(':')) {
      header.remove_suffix(1);
    } else {
      return header;
    }
  }
}

/// The note in brackets that a header ends with, taken off it; nullopt: none.
std::optional<std::string> take_note(std::string_view& header) {
  for (const auto& [open, close] : kBrackets) {
    const auto at = header.rfind(open);
    if (at == 0 || at == header.npos || !header.ends_with(close)) continue;
    const auto note = header.substr(at + open.size(), header.size() - at - open.size() - close.size());
    header = without_marks(header.substr(0, at));
    return std::string(without_marks(note));
  }
  return std::nullopt;
}

}  // namespace

KnownColumns::KnownColumns(std::span<const Service> services) : services_(services) {
  for (const auto& each : services) {
    FieldIndex& index = fields_.emplace_back();
    for (std::size_t f = 0; f < each.fields.size(); ++f) {
      index.add(each.fields[f].name, f);
      for (const auto alias : each.fields[f].aliases) index.add(alias, f);
    }
  }
}

const KnownColumns& KnownColumns::ours() {
  static const KnownColumns kOurs(services());
  return kOurs;
}

const std::size_t* KnownColumns::find(const Service& service, std::string_view header) const {
  if (const auto* field = find_bare(service, header)) return field;
  const auto decorated = without_decoration(header);
  if (!decorated) return nullptr;
  const auto* field = find_bare(service, decorated->name);
  // "名称(field)" where the two differ means neither; a note that names no field only explains.
  const auto agrees = [&](const std::string& note) {
    const auto* noted = find_bare(service, note);
    return noted ? field && *noted == *field : !names_a_field(note);
  };
  return std::ranges::all_of(decorated->notes, agrees) ? field : nullptr;
}

bool KnownColumns::names_a_field(std::string_view note) const {
  return std::ranges::any_of(services_, [&](const Service& each) { return find_bare(each, note) != nullptr; });
}

const std::size_t* KnownColumns::find_bare(const Service& service, std::string_view header) const {
  const auto at = std::ranges::find(services_, service.id, &Service::id) - services_.begin();
  return fields_.at(static_cast<std::size_t>(at)).find(header);
}

Reading KnownColumns::read_as(const Service& service, std::span<const std::string> names,
                              std::span<const std::string_view> result_columns) const {
  Reading reading{.service = &service, .field_of_column = {}, .missing = {}, .twice = {}};
  std::vector<std::optional<std::size_t>> column_of_field(service.fields.size());
  for (std::size_t c = 0; c < names.size(); ++c) {
    const bool ours = std::ranges::find(result_columns, std::string_view(names[c])) != result_columns.end();
    const std::size_t* field = ours ? nullptr : find(service, names[c]);
    reading.field_of_column.push_back(ours ? kResult : field ? static_cast<int>(*field) : kCarried);
    if (!field) continue;
    if (auto& column = column_of_field[*field]; !column)
      column = c;
    else if (!reading.twice)
      reading.twice = {*column, c};
  }
  for (std::size_t f = 0; f < service.fields.size(); ++f)
    if (service.fields[f].required && !column_of_field[f]) reading.missing.push_back(f);
  return reading;
}

std::vector<Reading> KnownColumns::read_as_each(std::span<const std::string> names,
                                                std::span<const std::string_view> result_columns) const {
  std::vector<Reading> readings;
  for (const auto& each : services_) readings.push_back(read_as(each, names, result_columns));
  return readings;
}

std::string label(const FieldSpec& field, text::Lang lang) {
  const auto chinese = std::ranges::find_if(field.aliases, [](std::string_view a) { return !text::is_ascii(a); });
  if (lang == text::Lang::en && field.meaning.empty()) return std::string(field.name);
  if (lang == text::Lang::zh && chinese == field.aliases.end()) return std::string(field.name);
  return std::string(lang == text::Lang::en ? field.meaning : *chinese).append("(").append(field.name).append(")");
}

std::string joined(const std::vector<std::string>& parts, std::string_view by) {
  std::string all;
  for (const auto& part : parts) all.append(all.empty() ? "" : by).append(part);
  return all;
}

std::optional<DecoratedHeader> without_decoration(std::string_view header) {
  const std::string normal = text::nfkc(header);
  auto name = without_marks(normal);
  DecoratedHeader bare;
  while (auto note = take_note(name)) bare.notes.push_back(*std::move(note));
  if (name.size() == text::trim(normal).size()) return std::nullopt;
  bare.name = name;
  return bare;
}

}  // namespace sluice::orders
