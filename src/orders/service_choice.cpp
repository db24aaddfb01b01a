#include "service_choice.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "sluice/orders/mapping.hpp"
#include "sluice/text/distance.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

using text::Lang;
using text::Message;
using text::Word;

std::string labels(const Service& service, const std::vector<std::size_t>& fields, Lang lang) {
  std::vector<std::string> labels;
  for (const std::size_t f : fields) labels.push_back(label(service.fields[f], lang));
  return joined(labels);
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
      const auto fields = labels(*reading.service, fields_of(reading), lang);
      parts.push_back(std::string(reading.service->name).append(": ").append(fields));
    }
    in_both.push_back(joined(parts, "; "));
  }
  return in_both;
}

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
  // The service that was most likely meant comes first.
  std::vector<Reading> likely(readings.begin(), readings.end());
  std::ranges::sort(likely, {},
                    [](const Reading& reading) { return std::pair(reading.missing.size(), reading.service->id); });
  std::ranges::move(by_service(likely, none ? required_fields : missing_fields), std::back_inserter(message.args));
  return message;
}

Message several_services(std::span<const Reading> complete) {
  std::vector<std::string> names;
  for (const auto& reading : complete) names.emplace_back(reading.service->name);
  Message message{Word::several_services, {joined(names)}};
  std::ranges::move(by_service(complete, required_fields), std::back_inserter(message.args));
  return message;
}

/// The columns that tell of one of the services; misspelled ones too, where they mean nothing to any other.
std::vector<std::string> telling_columns(const Reading& reading, std::span<const Reading> all,
                                         std::span<const std::string> names) {
  const auto tells = [&](std::size_t field) {
    return std::ranges::find(reading.service->telling_fields, field) != reading.service->telling_fields.end();
  };
  std::vector<std::string> telling;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const int field = reading.field_of_column[c];
    const bool unknown = std::ranges::all_of(all, [&](const Reading& r) { return r.field_of_column[c] == kCarried; });
    const auto near = unknown ? nearest_header(names[c], *reading.service, reading.field_of_column) : NearHeader{};
    const bool there = field >= 0 && tells(static_cast<std::size_t>(field));
    if (there || (!near.header.empty() && tells(near.field))) telling.push_back(text::shown(names[c]));
  }
  return telling;
}

std::optional<Message> tells_of_another(const Reading& taken, std::span<const Reading> readings,
                                        std::span<const std::string> names) {
  for (const auto& reading : readings) {
    const Service& other = *reading.service;
    if (other.id == taken.service->id) continue;
    auto telling = telling_columns(reading, readings, names);
    if (telling.empty()) continue;
    return Message{Word::columns_of_another,
                   {std::string(taken.service->name), listed(std::move(telling)), std::string(other.name),
                    labels(other, reading.missing, Lang::en), labels(other, reading.missing, Lang::zh)}};
  }
  return std::nullopt;
}

constexpr std::size_t kLongestName = 40;  // in bytes; what is longer is no misspelling of a header

bool near_enough(std::size_t distance, std::string_view a, std::string_view b) {
  const std::size_t characters = std::max(text::code_points(a), text::code_points(b));
  return distance <= characters / (text::is_ascii(a) ? 3 : 2);
}

}  // namespace

std::expected<Reading, Message> choose_service(std::span<const Reading> readings, std::span<const std::string> names) {
  std::vector<Reading> complete;
  std::ranges::copy_if(readings, std::back_inserter(complete), [](const Reading& r) { return r.missing.empty(); });
  if (complete.empty()) return std::unexpected(no_service(readings, names));
  if (complete.size() > 1) return std::unexpected(several_services(complete));
  if (complete.front().service->telling_fields.empty())
    if (auto another = tells_of_another(complete.front(), readings, names)) return std::unexpected(*std::move(another));
  return std::move(complete.front());
}

NearHeader nearest_header(std::string_view name, const Service& service, std::span<const int> field_of_column) {
  NearHeader nearest;
  const std::string key = text::match_key(name);
  if (key.empty() || key.size() > kLongestName) return nearest;
  const auto consider = [&](std::string_view header, std::size_t field) {
    const std::string other = text::match_key(header);
    const std::size_t far = text::distance(key, other);
    if (far < nearest.distance && near_enough(far, key, other))
      nearest = {.header = header, .field = field, .distance = far};
  };
  for (std::size_t f = 0; f < service.fields.size(); ++f) {
    if (std::ranges::find(field_of_column, static_cast<int>(f)) != field_of_column.end()) continue;
    consider(service.fields[f].name, f);
    for (const auto alias : service.fields[f].aliases) consider(alias, f);
  }
  return nearest;
}

}  // namespace sluice::orders
