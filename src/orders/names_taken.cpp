#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

#include "sluice/orders/mapping.hpp"

namespace sluice::orders {

namespace {

namespace json = boost::json;

constexpr std::size_t kMost = 1000;  // no exporter spells its keys in so many ways; the ledger's row stays small

std::unexpected<Error> unreadable() {
  return fail(ErrorKind::corrupt, "what the ledger says of the job's columns can't be read");
}

}  // namespace

bool NamesTaken::add(const Mapping& mapping) {
  for (std::size_t c = 0; c < mapping.field_of_column.size() && !too_many_; ++c)
    if (const int field = mapping.field_of_column[c]; field >= 0)
      fields_.try_emplace(mapping.spelled[c], static_cast<std::size_t>(field));
  too_many_ = too_many_ || fields_.size() > kMost;
  return !too_many_;
}

Mapping NamesTaken::mapping(ServiceId service, std::span<const std::string> names, text::Lang lang) const {
  Mapping mapping{.service = service, .field_of_column = {}, .spelled = {names.begin(), names.end()}, .lang = lang};
  for (const auto& name : names) {
    const auto found = fields_.find(name);
    mapping.field_of_column.push_back(found == fields_.end() ? kCarried : static_cast<int>(found->second));
  }
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
