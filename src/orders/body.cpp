#include "field_rules.hpp"
#include "sluice/base/check.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

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
    put_string(table.fields[f].name, out);
    out += ':';
    if (rule_of(table.fields[f].kind).quoted)
      put_string(*order.values[f], out);
    else
      out += *order.values[f];
  }
  out += '}';
}

}  // namespace

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
