#include "columns.hpp"

#include <algorithm>

#include "sluice/text/encoding.hpp"

namespace sluice::orders {

bool Reading::has(std::size_t field) const {
  return std::ranges::find(field_of_column, static_cast<int>(field)) != field_of_column.end();
}

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
  if (lang == text::Lang::en || chinese == field.aliases.end()) return std::string(field.name);
  return std::string(*chinese).append("(").append(field.name).append(")");
}

std::string joined(const std::vector<std::string>& parts, std::string_view by) {
  std::string all;
  for (const auto& part : parts) all.append(all.empty() ? "" : by).append(part);
  return all;
}

}  // namespace sluice::orders
