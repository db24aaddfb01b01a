#include "sluice/orders/mapping.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include "columns.hpp"
#include "service_choice.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::orders {

namespace {

using text::Lang;
using text::Message;
using text::Word;

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
  const auto decorated = found ? std::nullopt : without_decoration(name);
  if (decorated) found = kIndex.find(decorated->name);
  return found ? *found : nullptr;
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
  const auto columns = columns_by_field(reading.field_of_column);
  return Mapping{.service = reading.service->id,
                 .field_of_column = std::move(reading.field_of_column),
                 .column_of_field = columns,
                 .spelled = {names.begin(), names.end()},
                 .lang = lang};
}

namespace json = boost::json;

constexpr std::size_t kMost = 1000;  // no exporter spells its keys in so many ways; the ledger's row stays small

std::unexpected<Error> unreadable() {
  return fail(ErrorKind::corrupt, text::words::columns_unreadable());
}

}  // namespace

ColumnOfField columns_by_field(std::span<const int> field_of_column) {
  ColumnOfField columns;
  columns.fill(kNoColumn);
  for (std::size_t c = 0; c < field_of_column.size(); ++c)
    if (const int field = field_of_column[c]; field >= 0) columns[static_cast<std::size_t>(field)] = c;
  return columns;
}

bool names_a_field(std::string_view name) {
  const auto means_one = [=](const Service& each) { return KnownColumns::ours().find(each, name) != nullptr; };
  return std::ranges::any_of(services(), means_one);
}

Lang language_of(std::span<const std::string> names) {
  const bool any = std::ranges::any_of(names, [](const auto& name) { return text::chinese_before_fault(name) > 0; });
  return any ? Lang::zh : Lang::en;
}

std::expected<Mapping, Message> map_columns(std::span<const std::string> names,
                                            std::span<const std::string_view> result_columns) {
  const Lang lang = language_of(names);
  if (auto refused = refused_header(names)) return std::unexpected(*std::move(refused));
  auto reading = choose_service(KnownColumns::ours().read_as_each(names, result_columns), names);
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
      const std::size_t* field = KnownColumns::ours().find(each, name);
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
  const auto reading = choose_service(KnownColumns::ours().read_as_each(names_, {}), names_);
  if (!reading) return std::unexpected(reading.error());
  return reading->service->id;
}

ServiceId ColumnsSeen::likeliest() const {
  const auto readings = KnownColumns::ours().read_as_each(names_, {});
  return std::ranges::min_element(readings, {}, [](const Reading& r) { return r.missing.size(); })->service->id;
}

std::expected<Mapping, Message> map_keys(ServiceId id, std::span<const std::string> names, Lang lang) {
  if (auto refused = refused_header(names)) return std::unexpected(*std::move(refused));
  return to_mapping(KnownColumns::ours().read_as(service(id), names, {}), names, lang);
}

bool NamesTaken::add(const Mapping& mapping) {
  for (std::size_t c = 0; c < mapping.field_of_column.size() && !too_many_; ++c)
    if (const int field = mapping.field_of_column[c]; field >= 0)
      fields_.try_emplace(mapping.spelled[c], static_cast<std::size_t>(field));
  too_many_ = too_many_ || fields_.size() > kMost;
  return !too_many_;
}

Mapping NamesTaken::mapping(ServiceId service, std::span<const std::string> names, text::Lang lang) const {
  Mapping mapping{.service = service, .spelled = {names.begin(), names.end()}, .lang = lang};
  for (const auto& name : names) {
    const auto found = fields_.find(name);
    mapping.field_of_column.push_back(found == fields_.end() ? kCarried : static_cast<int>(found->second));
  }
  mapping.column_of_field = columns_by_field(mapping.field_of_column);
  return mapping;
}

std::string NamesTaken::to_ledger(ServiceId id) const {
  if (too_many_) return {};
  const Service& table = service(id);
  json::object names;
  for (const auto& [name, field] : fields_) names[name] = table.fields[field].name;
  return json::serialize(names);
}

Result<NamesTaken> NamesTaken::from_ledger(ServiceId id, std::string_view text) {
  json::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  const json::object* names = error ? nullptr : value.if_object();
  if (!names) return unreadable();
  const Service& table = service(id);
  NamesTaken taken;
  for (const auto& [name, wire] : *names) {
    const json::string* text_of_field = wire.if_string();
    if (!text_of_field) return unreadable();
    const auto field = std::ranges::find(table.fields, std::string_view(*text_of_field), &FieldSpec::name);
    if (field == table.fields.end()) return unreadable();
    taken.fields_.emplace(std::string(name), static_cast<std::size_t>(field - table.fields.begin()));
  }
  return taken;
}

}  // namespace sluice::orders
