#include "sluice/orders/order.hpp"

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

/// `<`, `>` and `&` as \uXXXX: a gateway filter in front of the API strips HTML out of bodies.
void put_string(std::string_view utf8, std::string& out) {
  out += '"';
  text::append_json_escaped(utf8, "<>&", out);
  out += '"';
}

void put_element(const Order& order, std::string& out) {
  const Service& table = service(order.service);
  char before = '{';
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    if (!order.values[f]) continue;
    out += before;
    before = ',';
    out.append("\"").append(table.fields[f].name).append("\":");
    if (rule_of(table.fields[f].kind).quoted)
      put_string(*order.values[f], out);
    else
      out += *order.values[f];
  }
  out += '}';
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
  put_element(order, out);
  return out;
}

std::string body(std::span<const Order> orders) {
  SLUICE_CHECK(!orders.empty(), "a body without an order");
  constexpr std::size_t kUsualElement = 256;
  std::string out;
  out.reserve(orders.size() * kUsualElement);
  out += "{";
  put_string(service(orders.front().service).wrapper, out);
  char before = '[';
  out += ':';
  for (const Order& order : orders) {
    SLUICE_CHECK(order.service == orders.front().service, "a body of two services");
    out += before;
    before = ',';
    put_element(order, out);
  }
  out += "]}";
  return out;
}

}  // namespace sluice::orders
