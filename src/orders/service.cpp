#include "sluice/orders/service.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "create_service.hpp"
#include "modify_service.hpp"
#include "sluice/base/check.hpp"
#include "sluice/orders/order.hpp"
#include "told_apart.hpp"

namespace sluice::orders {

namespace {

constexpr std::array kServices{create_service::kService, modify_service::kService};

static_assert(std::ranges::all_of(kServices, [](const Service& s) {
  return s.fields.size() <= kMaxFields && s.key_field < s.fields.size() && s.fields[s.key_field].required;
}));
static_assert(are_told_apart(kServices), "a file of one service could be taken for one of another");

constexpr auto kWrappers = [] {
  std::array<std::string_view, kServices.size()> wrappers;
  std::ranges::transform(kServices, wrappers.begin(), &Service::wrapper);
  return wrappers;
}();

}  // namespace

std::span<const Service> services() {
  return kServices;
}

const Service& service(std::optional<ServiceId> id) {
  SLUICE_CHECK(id.has_value(), "asked for the service of what has none");
  const Service* found = find_service(std::to_underlying(*id));
  SLUICE_CHECK(found, "a service id that no table has");
  return *found;
}

const Service* find_service(std::uint64_t id) {
  const auto found = std::ranges::find(kServices, id, [](const Service& s) { return std::to_underlying(s.id); });
  return found == kServices.end() ? nullptr : &*found;
}

std::span<const std::string_view> wrappers() {
  return kWrappers;
}

const StatusSpec* find_status(const Service& service, int status) {
  const auto found = std::ranges::find(service.statuses, status, &StatusSpec::status);
  return found == service.statuses.end() ? nullptr : &*found;
}

}  // namespace sluice::orders
