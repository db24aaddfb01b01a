#include "sluice/orders/order.hpp"

#include "sluice/base/check.hpp"

namespace sluice::orders {

namespace {

/// FNV-1a, then murmur's finaliser: the same on every machine, and no short value's hash is near another's.
class StableHash {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) step(static_cast<unsigned char>(c));
    step(0xFF);  // no byte of UTF-8: keeps "ab"+"c" from "a"+"bc"
  }
  std::uint64_t value() const {
    std::uint64_t h = state_;
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
  }

 private:
  void step(unsigned char byte) { state_ = (state_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace

const std::string& Order::key() const {
  const auto& key = values[orders::service(service).key_field];
  SLUICE_CHECK(key.has_value(), "an order without its key");
  return *key;
}

std::uint64_t Order::key_hash() const {
  StableHash hash;
  hash.add(orders::service(service).name);
  hash.add(key());
  return hash.value();
}

std::uint64_t Order::hash() const {
  const Service& table = orders::service(service);
  StableHash hash;
  hash.add(table.name);
  for (std::size_t f = 0; f < table.fields.size(); ++f) {
    if (!values[f]) continue;
    hash.add(table.fields[f].name);
    hash.add(*values[f]);
  }
  return hash.value();
}

}  // namespace sluice::orders
