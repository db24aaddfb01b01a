#include "sluice/orders/mapping.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "alias_index.hpp"
#include "sluice/orders/nearest_header.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

using text::Lang;
using text::Message;
using text::Word;

using FieldIndex = AliasIndex<std::size_t>;

FieldIndex index_fields(const Service& service) {
  FieldIndex index;
  for (std::size_t f = 0; f < service.fields.size(); ++f) {
    index.add(service.fields[f].name, f);
    for (const auto alias : service.fields[f].aliases) index.add(alias, f);
  }
  return index;
}

const FieldIndex& fields_of(const Service& service) {
  static const auto kIndexes = [] {
    std::map<ServiceId, FieldIndex> all;
    for (const auto& each : services()) all.emplace(each.id, index_fields(each));
    return all;
  }();
  return kIndexes.at(service.id);
}

/// A field that a header seems to mean and doesn't; nullptr: the header is not one of these.
const FieldSpec* seeming_field(std::string_view name) {
  static const auto kIndex = [] {
    AliasIndex<const FieldSpec*> index;
    for (const auto& each : services())
      for (const auto& field : each.fields)
        for (const auto alias : field.refused_headers) index.add(alias, &field);
    return index;
  }();
  const auto* found = kIndex.find(name);
  return found ? *found : nullptr;
}

/// The columns as one service would read them.
struct Reading {
  const Service* service = nullptr;
  std::vector<int> field_of_column;
  std::vector<std::size_t> missing;                          ///< required fields without a column
  std::optional<std::pair<std::size_t, std::size_t>> twice;  ///< two columns for one field
};

Reading read_as(const Service& service, std::span<const std::string> names,
                std::span<const std::string_view> result_columns) {
  Reading reading{.service = &service, .field_of_column = {}, .missing = {}, .twice = {}};
  std::vector<std::optional<std::size_t>> column_of_field(service.fields.size());
  for (std::size_t c = 0; c < names.size(); ++c) {
    const bool ours = std::ranges::find(result_columns, std::string_view(names[c])) != result_columns.end();
    const std::size_t* field = ours ? nullptr : fields_of(service).find(names[c]);
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

/// A field's name as the reader of the message would write it: in Chinese, the first Chinese header, too.
std::string label(const FieldSpec& field, Lang lang) {
  const auto chinese = std::ranges::find_if(field.aliases, [](std::string_view a) { return !text::is_ascii(a); });
  if (lang == Lang::en || chinese == field.aliases.end()) return std::string(field.name);
  return std::string(*chinese).append("(").append(field.name).append(")");
}

std::string joined(const std::vector<std::string>& parts, std::string_view by = ", ") {
  std::string all;
  for (const auto& part : parts) all.append(all.empty() ? "" : by).append(part);
  return all;
}

using FieldsOf = std::vector<std::size_t> (*)(const Reading& reading);

std::vector<std::size_t> missing_fields(const Reading& reading) {
  return reading.missing;
}

std::vector<std::size_t> required_fields(const Reading& reading) {
  std::vector<std::size_t> required;
  for (std::size_t f = 0; f < reading.service->fields.size(); ++f)
    if (reading.service->fields[f].required) required.push_back(f);
  return required;
}

/// The fields by service, in English and in Chinese: two arguments, of which each language's sentence takes its own.
std::vector<std::string> by_service(std::span<const Reading> readings, FieldsOf fields_of) {
  std::vector<std::string> in_both;
  for (const Lang lang : {Lang::en, Lang::zh}) {
    std::vector<std::string> parts;
    for (const auto& reading : readings) {
      std::vector<std::string> labels;
      for (const auto f : fields_of(reading)) labels.push_back(label(reading.service->fields[f], lang));
      parts.push_back(std::string(reading.service->name).append(": ").append(joined(labels)));
    }
    in_both.push_back(joined(parts, "; "));
  }
  return in_both;
}

constexpr std::size_t kMostListed = 12;

/// At most a dozen: a header of a thousand columns must not become a message of a thousand.
std::string listed(std::vector<std::string> names) {
  if (names.empty()) return "-";
  if (names.size() > kMostListed) {
    names.resize(kMostListed);
    names.emplace_back("...");
  }
  return joined(names);
}

/// Of an unknown column, with the header that it is nearest to: "sourec (source?)".
std::string with_nearest(std::string_view name, std::span<const Reading> readings) {
  NearHeader nearest;
  for (const auto& reading : readings) {
    const auto found = nearest_header(name, *reading.service, reading.field_of_column);
    if (found.distance < nearest.distance) nearest = found;
  }
  std::string shown = text::shown(name);
  return nearest.header.empty() ? shown : shown.append(" (").append(nearest.header).append("?)");
}

Message no_service(std::span<const Reading> readings, std::span<const std::string> names) {
  std::vector<std::string> known;
  std::vector<std::string> unknown;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const bool ours = readings.front().field_of_column[c] == kResult;
    if (std::ranges::any_of(readings, [&](const Reading& r) { return r.field_of_column[c] >= 0; })) {
      known.push_back(text::shown(names[c]));
    } else if (!ours && !text::trim(names[c]).empty()) {
      unknown.push_back(with_nearest(names[c], readings));
    }
  }
  const bool none = known.empty();
  Message message{none ? Word::no_known_column : Word::no_service, {}};
  if (!none) message.args.push_back(listed(std::move(known)));
  message.args.push_back(listed(std::move(unknown)));
  std::ranges::move(by_service(readings, none ? required_fields : missing_fields), std::back_inserter(message.args));
  return message;
}

Message several_services(std::span<const Reading> complete) {
  std::vector<std::string> names;
  for (const auto& reading : complete) names.emplace_back(reading.service->name);
  Message message{Word::several_services, {joined(names)}};
  std::ranges::move(by_service(complete, required_fields), std::back_inserter(message.args));
  return message;
}

std::vector<Reading> read_as_each(std::span<const std::string> names,
                                  std::span<const std::string_view> result_columns) {
  std::vector<Reading> readings;
  for (const auto& each : services()) readings.push_back(read_as(each, names, result_columns));
  return readings;
}

/// The one reading that lacks no required column.
std::expected<Reading, Message> only_complete(std::span<const Reading> readings, std::span<const std::string> names) {
  std::vector<Reading> complete;
  std::ranges::copy_if(readings, std::back_inserter(complete), [](const Reading& r) { return r.missing.empty(); });
  if (complete.empty()) return std::unexpected(no_service(readings, names));
  if (complete.size() > 1) return std::unexpected(several_services(complete));
  return std::move(complete.front());
}

std::optional<Message> refused_header(std::span<const std::string> names) {
  for (const auto& name : names)
    if (const FieldSpec* field = seeming_field(name))
      return Message{Word::header_means_otherwise, {text::shown(name), std::string(field->name)}};
  return std::nullopt;
}

std::expected<Mapping, Message> to_mapping(Reading reading, std::span<const std::string> names, Lang lang) {
  if (reading.twice) {
    const auto [first, second] = *reading.twice;
    const auto& field = reading.service->fields[static_cast<std::size_t>(reading.field_of_column[first])];
    return std::unexpected(Message{
        Word::two_columns_for_field,
        {text::shown(names[first]), text::shown(names[second]), label(field, Lang::en), label(field, Lang::zh)}});
  }
  return Mapping{.service = reading.service->id,
                 .field_of_column = std::move(reading.field_of_column),
                 .spelled = {names.begin(), names.end()},
                 .lang = lang};
}

}  // namespace

Lang language_of(std::span<const std::string> names) {
  const bool any = std::ranges::any_of(names, [](const auto& name) { return text::chinese_before_fault(name) > 0; });
  return any ? Lang::zh : Lang::en;
}

std::expected<Mapping, Message> map_columns(std::span<const std::string> names,
                                            std::span<const std::string_view> result_columns) {
  const Lang lang = language_of(names);
  if (auto refused = refused_header(names)) return std::unexpected(*std::move(refused));
  auto reading = only_complete(read_as_each(names, result_columns), names);
  if (!reading) return std::unexpected(reading.error());
  return to_mapping(*std::move(reading), names, lang);
}

void ColumnsSeen::see(std::span<const std::string> names) {
  for (const auto& name : names) {
    if (std::ranges::find(names_, name) != names_.end() || std::ranges::find(ours_, name) != ours_.end()) continue;
    if (!refused_) refused_ = refused_header({&name, 1});
    bool known = false;
    bool tells = false;
    for (const auto& each : services()) {
      const std::size_t* field = fields_of(each).find(name);
      known = known || field;
      if (field && fields_.insert(&each.fields[*field]).second) tells = true;
    }
    if (!known && unknown_ <= kMostListed) {
      ++unknown_;
      tells = true;
    }
    if (tells) names_.push_back(name);
  }
}

std::expected<ServiceId, Message> ColumnsSeen::service() const {
  if (refused_) return std::unexpected(*refused_);
  const auto reading = only_complete(read_as_each(names_, {}), names_);
  if (!reading) return std::unexpected(reading.error());
  return reading->service->id;
}

ServiceId ColumnsSeen::likeliest() const {
  const auto readings = read_as_each(names_, {});
  return std::ranges::min_element(readings, {}, [](const Reading& r) { return r.missing.size(); })->service->id;
}

std::expected<Mapping, Message> map_keys(ServiceId id, std::span<const std::string> names, Lang lang) {
  if (auto refused = refused_header(names)) return std::unexpected(*std::move(refused));
  return to_mapping(read_as(service(id), names, {}), names, lang);
}

}  // namespace sluice::orders
