#include "sluice/pipeline/order_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sluice/records/outcome.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::array<std::string_view, 1> kJsonResult = {"result"};

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
  if (delimited(format)) {
    auto mapping = orders::map_columns(format.header, records::kResultColumns);
    if (!mapping) return std::unexpected(mapping.error());
    reading.mapping_ = std::move(*mapping);
    reading.taken_.add(reading.mapping_);
    return reading;
  }
  reading.found_ = Names::in_each_object;
  reading.wrapper_ = format.wrapper;
  reading.columns_ = orders::ColumnsSeen(kJsonResult);
  for (const auto& names : first_objects) reading.columns_.see(names);
  // The best guess for the first pass; wrong, it costs a second one and nothing else.
  const auto service = known_as ? known_as : service_of_wrapper(format.wrapper);
  reading.mapping_.service = service.value_or(reading.columns_.likeliest());
  reading.names_ = reading.columns_.names();
  reading.mapping_.lang = orders::language_of(reading.names_);
  if (auto mapping = orders::map_keys(reading.service(), reading.names_, reading.lang())) {
    reading.mapping_ = *mapping;
    reading.taken_.add(*mapping);
  }
  return reading;
}

Result<OrderReading> OrderReading::known(const records::Format& format, std::optional<orders::ServiceId> service,
                                         const std::string& names, text::Lang lang) {
  // A job that was surveyed has a service. Guessing one could send its orders to the wrong address of the API.
  if (!service) return fail(ErrorKind::corrupt, text::words::service_unknown());
  OrderReading reading;
  if (!delimited(format)) reading.found_ = names.empty() ? Names::in_each_object : Names::as_they_were_read;
  reading.mapping_.service = service;
  reading.mapping_.lang = lang;
  if (!names.empty()) {
    // As the survey read them, not by today's tables: a header that an upgrade understands better must not change a
    // body that was sent (I7).
    auto taken = orders::NamesTaken::from_ledger(*service, names);
    if (!taken) return std::unexpected(taken.error());
    reading.taken_ = *std::move(taken);
    if (delimited(format)) reading.mapping_ = reading.taken_.mapping(*service, format.header, lang);
  } else if (delimited(format)) {
    auto mapping = orders::map_columns(format.header, records::kResultColumns);
    // Only jobs of an early version come here. Read differently today, its rows would no longer be what was sent
    // before.
    if (!mapping || mapping->service != service) {
      return fail(ErrorKind::changed, text::words::other_names(orders::service(service).name));
    }
    reading.mapping_ = *std::move(mapping);
  }
  return reading;
}

std::expected<orders::ServiceId, text::Message> OrderReading::settled_service() const {
  if (found_ == Names::in_header) return service();
  const auto settled = columns_.service();
  if (!settled) return settled;
  const auto& service = orders::service(*settled);
  if (service_of_wrapper(wrapper_).value_or(service.id) != service.id) {
    return std::unexpected(text::Message{text::Word::wrapper_disagrees,
                                         {wrapper_, std::string(service.name), std::string(service.wrapper)}});
  }
  if (service.id == mapping_.service && !mapped_any_ && unmapped_) return std::unexpected(*unmapped_);
  return settled;
}

std::expected<orders::Mapping, text::Message> OrderReading::map_keys_of(const records::Record& record) {
  if (found_ == Names::as_they_were_read) return taken_.mapping(service(), record.names, lang());
  // Every object's keys count, also where they can't be mapped: the service is judged by all of them together.
  columns_.see(record.names);
  auto mapping = orders::map_keys(service(), record.names, lang());
  if (mapping) taken_.add(*mapping);
  if (!mapping && !unmapped_) unmapped_ = mapping.error();
  return mapping;
}

std::optional<text::Message> OrderReading::prepare(const records::Record& record) {
  if (names_ != record.names || mapping_.field_of_column.empty()) {
    auto mapping = map_keys_of(record);
    if (!mapping) return mapping.error();
    mapping_ = *std::move(mapping);
    names_ = record.names;
  }
  mapped_any_ = true;
  return std::nullopt;
}

std::expected<orders::Judged, orders::Faults> OrderReading::judge(const records::Record& record,
                                                                  const orders::JudgeContext& context) {
  if (found_ != Names::in_header)
    if (auto why = prepare(record)) return std::unexpected(orders::Faults{std::move(*why)});
  return orders::judge(mapping_, record.cells.all(), context, &last_);
}

void OrderReading::watch(const records::Record& record, orders::ColumnWatch& watch) {
  if (found_ != Names::in_header && prepare(record)) return;
  watch.see(mapping_, record.cells.all());
}

}  // namespace sluice::pipeline
