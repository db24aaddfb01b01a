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

}  // namespace

std::expected<OrderReading, text::Message> OrderReading::of(
    const records::Format& format, const std::vector<std::vector<std::string>>& first_objects) {
  OrderReading reading;
  reading.by_object_ = !delimited(format);
  if (delimited(format)) {
    auto mapping = orders::map_columns(format.header, records::kResultColumns);
    if (!mapping) return std::unexpected(mapping.error());
    reading.mapping_ = std::move(*mapping);
    return reading;
  }
  std::optional<text::Message> why;
  for (const auto& names : first_objects) {
    auto mapping = orders::map_columns(names, kJsonResult);
    if (mapping) {
      reading.mapping_ = std::move(*mapping);
      reading.names_ = names;
      why.reset();
      break;
    }
    if (!why) why = mapping.error();
  }
  for (const auto& service : orders::services()) {
    if (format.wrapper != service.wrapper) continue;
    if (reading.mapping_.service != service.id) {
      reading.names_.clear();
      reading.mapping_.field_of_column.clear();
    }
    reading.mapping_.service = service.id;
    return reading;
  }
  if (why) return std::unexpected(*why);
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

std::optional<text::Message> OrderReading::prepare(const records::Record& record) {
  if (by_object_ && (names_ != record.names || mapping_.field_of_column.empty())) {
    auto mapping = orders::map_keys(mapping_.service, record.names, mapping_.lang);
    if (!mapping) return mapping.error();
    mapping_ = std::move(*mapping);
    names_ = record.names;
  }
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
