#include "sluice/pipeline/order_reading.hpp"

#include <array>

#include "sluice/base/check.hpp"
#include "sluice/records/outcome.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::array<std::string_view, 1> kJsonResult = {"result"};

orders::ValueKind value_kind(records::CellKind kind) {
  constexpr std::array kinds = {orders::ValueKind::text, orders::ValueKind::number, orders::ValueKind::boolean,
                                orders::ValueKind::null, orders::ValueKind::nested, orders::ValueKind::missing};
  return kinds[static_cast<std::size_t>(kind)];
}

bool delimited(const records::Format& format) {
  return format.shape == records::Shape::delimited;
}

std::optional<orders::ServiceId> service_of_wrapper(std::string_view wrapper) {
  for (const auto& service : orders::services())
    if (service.wrapper == wrapper) return service.id;
  return std::nullopt;
}

}  // namespace

std::expected<OrderReading, text::Message> OrderReading::of(const records::Format& format,
                                                            const std::vector<std::vector<std::string>>& first_objects,
                                                            std::optional<orders::ServiceId> known_as) {
  OrderReading reading;
  reading.by_object_ = !delimited(format);
  if (delimited(format)) {
    auto mapping = orders::map_columns(format.header, records::kResultColumns);
    if (!mapping) return std::unexpected(mapping.error());
    reading.mapping_ = std::move(*mapping);
    return reading;
  }
  reading.wrapper_ = format.wrapper;
  reading.columns_ = orders::ColumnsSeen(kJsonResult);
  for (const auto& names : first_objects) reading.columns_.see(names);
  const auto service = known_as ? known_as : service_of_wrapper(format.wrapper);
  reading.mapping_.service = service.value_or(reading.columns_.likeliest());
  reading.names_ = reading.columns_.names();
  reading.mapping_.lang = orders::language_of(reading.names_);
  if (auto mapping = orders::map_keys(reading.service(), reading.names_, reading.lang())) reading.mapping_ = *mapping;
  return reading;
}

OrderReading OrderReading::known(const records::Format& format, orders::ServiceId service, text::Lang lang) {
  OrderReading reading;
  reading.by_object_ = !delimited(format);
  if (delimited(format)) {
    auto mapping = orders::map_columns(format.header, records::kResultColumns);
    SLUICE_CHECK(mapping && mapping->service == service, "a surveyed header maps as it did");
    reading.mapping_ = std::move(*mapping);
  } else {
    reading.mapping_.service = service;
    reading.mapping_.lang = lang;
  }
  return reading;
}

std::expected<orders::ServiceId, text::Message> OrderReading::told() const {
  if (!by_object_) return mapping_.service;
  const auto told = columns_.service();
  if (!told) return told;
  const auto& service = orders::service(*told);
  if (!wrapper_.empty() && wrapper_ != service.wrapper) {
    return std::unexpected(text::Message{text::Word::wrapper_disagrees,
                                         {wrapper_, std::string(service.name), std::string(service.wrapper)}});
  }
  if (service.id == mapping_.service && !mapped_any_ && unmapped_) return std::unexpected(*unmapped_);
  return told;
}

std::optional<text::Message> OrderReading::prepare(const records::Record& record) {
  if (by_object_ && (names_ != record.names || mapping_.field_of_column.empty())) {
    columns_.see(record.names);
    auto mapping = orders::map_keys(mapping_.service, record.names, mapping_.lang);
    if (!mapping) {
      if (!unmapped_) unmapped_ = mapping.error();
      return mapping.error();
    }
    mapping_ = std::move(*mapping);
    names_ = record.names;
  }
  mapped_any_ = true;
  return std::nullopt;
}

void OrderReading::take_values(const records::Record& record) {
  values_.clear();
  for (const auto& cell : record.cells) values_.push_back({cell.text, value_kind(cell.kind)});
}

std::expected<orders::Judged, orders::Faults> OrderReading::judge(const records::Record& record,
                                                                  const orders::JudgeContext& context) {
  if (auto why = prepare(record)) return std::unexpected(orders::Faults{std::move(*why)});
  take_values(record);
  return orders::judge(mapping_, values_, context);
}

void OrderReading::watch(const records::Record& record, orders::DamageWatch& watch) {
  if (prepare(record)) return;
  take_values(record);
  watch.see(mapping_, values_);
}

}  // namespace sluice::pipeline
