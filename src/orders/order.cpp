#include "sluice/orders/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <forward_list>

#include "field_rules.hpp"
#include "order_writer.hpp"
#include "sluice/base/check.hpp"
#include "sluice/base/stable_hash.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

/// Of several values: the same on every machine, and (murmur's finaliser) no short value's hash is near another's.
class ValuesHash {
 public:
  void add(std::string_view bytes) {
    constexpr std::uint64_t kEnd = 0xFF;  // no byte of UTF-8: keeps "ab"+"c" from "a"+"bc"
    state_ = fnv_step(fnv(bytes, state_), kEnd);
  }
  std::uint64_t value() const {
    std::uint64_t h = state_;
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
  }

 private:
  std::uint64_t state_ = kFnvStart;
};

Openings make_openings(const Service& table) {
  Openings openings;
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    const bool quoted = rule_of(table.fields[f].kind).quoted;
    const auto text = fmt::format(",\"{}\":{}", table.fields[f].name, quoted ? "\"" : "");
    SLUICE_CHECK(text.size() <= Opening::kMost, "a field's name is too long");
    openings[f].size = static_cast<std::uint32_t>(text.copy(openings[f].text.data(), text.size()));
    openings[f].closing = quoted ? 1 : 0;
  }
  return openings;
}

}  // namespace

const Openings& openings_of(const Service& table) {
  static const auto kAll = [] {
    std::vector<Openings> all;
    for (const Service& each : services()) all.push_back(make_openings(each));
    return all;
  }();
  return kAll[static_cast<std::size_t>(&table - services().data())];
}

char* OrderTexts::begin_anew(std::size_t bytes) {
  size_ = std::max(at_once_, bytes);
  text_ = std::make_shared_for_overwrite<char[]>(size_);
  used_ = 0;
  return text_.get();
}

Order::Order(ServiceId service, const Values& values) {
  OrderTexts own(0);
  *this = Order(service, values, {}, own);
}

Order::Order(ServiceId service, const Values& values, Fields plain, OrderTexts& texts) {
  const Service& table = orders::service(service);
  std::forward_list<std::string> escaped;
  std::array<std::string_view, kMaxFields> written;
  std::size_t bytes = 0;
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    if (!values[f]) continue;
    written[f] = *values[f];
    if (!plain[f] && !text::stands_in_json(*values[f])) {
      // `<`, `>` and `&` as \uXXXX: a gateway filter in front of the API strips HTML out of bodies.
      written[f] = escaped.emplace_front(text::json_escaped(*values[f], "<>&"));
      bytes += values[f]->size();
    }
    bytes += written[f].size();
  }
  const Openings& openings = openings_of(table);
  OrderWriter writer(texts, bytes, *this);
  for (std::size_t f = 0; f < table.fields.size(); ++f)
    if (values[f]) writer.put(f, openings[f], written[f]);
  writer.end_element();
  for (std::size_t f = 0; f < table.fields.size(); ++f)
    if (values[f] && written[f].data() != values[f]->data()) writer.put_meant(f, *values[f]);
  writer.finish(service);
}

std::optional<std::string_view> Order::value(std::size_t field) const {
  const auto [begin, size] = spans_[field];
  return begin == 0 ? std::nullopt : std::optional(std::string_view(text_ + begin, size));
}

Order::Values Order::values() const {
  Values values;
  for (std::size_t f = 0; f < values.size(); ++f) values[f] = value(f);
  return values;
}

std::string_view Order::key() const {
  const auto key = value(orders::service(service_).key_field);
  SLUICE_CHECK(key.has_value(), "an order without its key");
  return *key;
}

std::uint64_t Order::key_hash() const {
  // Of two pieces, as hash() is; that of the subject is always the same.
  static const auto kSubjects = [] {
    std::vector<ValuesHash> all;
    for (const Service& each : services()) all.emplace_back().add(each.subject);
    return all;
  }();
  const Service& table = orders::service(service_);
  auto hash = kSubjects[static_cast<std::size_t>(&table - services().data())];
  hash.add(key());
  return hash.value();
}

std::uint64_t Order::hash() const {
  const Service& table = orders::service(service_);
  ValuesHash hash;
  hash.add(table.name);
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    const auto each = value(f);
    if (!each) continue;
    hash.add(table.fields[f].name);
    hash.add(*each);
  }
  return hash.value();
}

std::string body(std::span<const Order> orders) {
  SLUICE_CHECK(!orders.empty(), "a body without an order");
  const auto service_of_all = orders.front().service();
  const auto wrapper = service(service_of_all).wrapper;
  std::size_t bytes = sizeof(R"({"":[]})") + wrapper.size();
  for (const Order& order : orders) bytes += order.element().size() + 1;
  std::string text;
  text.reserve(bytes);
  text.append("{\"").append(wrapper).append("\":[");
  text.resize_and_overwrite(bytes, [&, begin = text.size()](char* all, std::size_t) {
    char* at = all + begin;
    for (const Order& order : orders) {
      SLUICE_CHECK(order.service() == service_of_all, "a body of two services");
      const auto element = order.element();
      std::memcpy(at, element.data(), element.size());
      at += element.size();
      *at++ = ',';
    }
    at[-1] = ']';
    *at++ = '}';
    return static_cast<std::size_t>(at - all);
  });
  return text;
}

}  // namespace sluice::orders
