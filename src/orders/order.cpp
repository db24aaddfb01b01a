#include "sluice/orders/order.hpp"

#include "sluice/base/check.hpp"
#include "sluice/base/stable_hash.hpp"

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

}  // namespace sluice::orders
