#include "sluice/orders/order.hpp"

#include <algorithm>
#include <utility>

#include "field_rules.hpp"
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

char* put(std::string_view text, char* at) {
  return at + text.copy(at, text.size());
}

/// `<`, `>` and `&` as \uXXXX: a gateway filter in front of the API strips HTML out of bodies.
char* put_string(std::string_view utf8, char* at) {
  *at++ = '"';
  at = text::stands_in_json(utf8) ? put(utf8, at) : put(text::json_escaped(utf8, "<>&"), at);
  *at++ = '"';
  return at;
}

char* put_element(const Order& order, const Service& table, char* at) {
  char before = '{';
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    if (!order.values[f]) continue;
    *at++ = before;
    before = ',';
    *at++ = '"';
    at = put(table.fields[f].name, at);
    at = put("\":", at);
    at = rule_of(table.fields[f].kind).quoted ? put_string(*order.values[f], at) : put(*order.values[f], at);
  }
  *at++ = '}';
  return at;
}

/// At most: every character escaped.
std::size_t element_bytes(const Order& order, const Service& table) {
  constexpr std::size_t kEscaped = sizeof(R"(\u0000)") - 1;
  constexpr std::size_t kRound = sizeof(R"(,"":"")") - 1;
  std::size_t bytes = 2;
  for (std::size_t f = 0; f < table.fields.size(); ++f)
    if (order.values[f]) bytes += kRound + table.fields[f].name.size() + kEscaped * order.values[f]->size();
  return bytes;
}

}  // namespace

const std::string& Order::key() const {
  const auto& key = values[orders::service(service).key_field];
  SLUICE_CHECK(key.has_value(), "an order without its key");
  return *key;
}

std::uint64_t Order::key_hash() const {
  ValuesHash hash;
  hash.add(orders::service(service).subject);
  hash.add(key());
  return hash.value();
}

std::uint64_t Order::hash() const {
  const Service& table = orders::service(service);
  ValuesHash hash;
  hash.add(table.name);
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    if (!values[f]) continue;
    hash.add(table.fields[f].name);
    hash.add(*values[f]);
  }
  return hash.value();
}

std::string body_element(const Order& order) {
  std::string out;
  append_body_element(order, out);
  return out;
}

void append_body_element(const Order& order, std::string& out) {
  const Service& table = service(order.service);
  const auto before = out.size();
  out.resize_and_overwrite(before + element_bytes(order, table), [&](char* begin, std::size_t) {
    return static_cast<std::size_t>(put_element(order, table, begin + before) - begin);
  });
}

std::string_view Body::add(const Order& order) {
  if (text_.empty()) {
    service_ = order.service;
    text_.append("{\"").append(service(service_).wrapper).append("\":[");
  } else {
    text_ += ',';
  }
  SLUICE_CHECK(order.service == service_, "a body of two services");
  const auto before = text_.size();
  append_body_element(order, text_);
  return std::string_view(text_).substr(before);
}

std::string Body::take() {
  SLUICE_CHECK(!text_.empty(), "a body without an order");
  return std::exchange(text_, {}) += "]}";
}

std::string body(std::span<const Order> orders) {
  Body body;
  for (const Order& order : orders) body.add(order);
  return body.take();
}

}  // namespace sluice::orders
