#include "sluice/orders/service.hpp"

#include <algorithm>

#include "create_service.hpp"
#include "modify_service.hpp"
#include "sluice/base/check.hpp"
#include "sluice/orders/order.hpp"

namespace sluice::orders {

namespace {

constexpr std::array kServices{create_service::kService, modify_service::kService};

static_assert(std::ranges::all_of(kServices, [](const Service& s) {
  return s.fields.size() <= kMaxFields && s.key_field < s.fields.size() && s.fields[s.key_field].required;
}));

}  // namespace

std::span<const Service> services() {
  return kServices;
}

const Service& service(ServiceId id) {
  const auto found = std::ranges::find(kServices, id, &Service::id);
  SLUICE_CHECK(found != kServices.end(), "a service id that no table has");
  return *found;
}

const StatusSpec* find_status(const Service& service, int status) {
  const auto found = std::ranges::find(service.statuses, status, &StatusSpec::status);
  return found == service.statuses.end() ? nullptr : &*found;
}

}  // namespace sluice::orders
