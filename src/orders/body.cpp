#include "field_rules.hpp"
#include "sluice/base/check.hpp"
#include "sluice/orders/order.hpp"

namespace sluice::orders {

namespace {

/// A JSON string literal. `<`, `>` and `&` as \uXXXX: a gateway filter in front of the API strips HTML out of bodies.
void put_string(std::string_view utf8, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F || c == '<' || c == '>' || c == '&') {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    } else {
      out += c;
    }
  }
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
  std::string out = "{";
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
