#include "request_body.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <array>

namespace sluice::sandbox {
namespace {

namespace json = boost::json;

template <class Order>
struct Field {
  std::string_view name;
  std::string_view Order::* required = nullptr;
  std::optional<std::string_view> Order::* optional = nullptr;
};
constexpr std::array<Field<CreateOrder>, 6> kCreateFields{{
    {.name = "douyinId", .required = &CreateOrder::douyin_id},
    {.name = "uid", .required = &CreateOrder::uid},
    {.name = "source", .required = &CreateOrder::source},
    {.name = "endMonthTime", .required = &CreateOrder::end_month_time},
    {.name = "nickname", .optional = &CreateOrder::nickname},
    {.name = "province", .optional = &CreateOrder::province},
}};
constexpr std::array<Field<UpdateOrder>, 6> kUpdateFields{{
    {.name = "orderId", .required = &UpdateOrder::order_id},
    {.name = "oldUid", .required = &UpdateOrder::old_uid},
    {.name = "newUid", .required = &UpdateOrder::new_uid},
    {.name = "newDouyinId", .required = &UpdateOrder::new_douyin_id},
    {.name = "executeTime", .required = &UpdateOrder::execute_time},
    {.name = "newNickname", .optional = &UpdateOrder::new_nickname},
}};

template <class Order, std::size_t N>
std::optional<std::string> read_strings(const json::object& element, const std::array<Field<Order>, N>& fields,
                                        Order& order) {
  for (const auto& field : fields) {
    const json::value* value = element.if_contains(field.name);
    if (value == nullptr || value->is_null()) {
      if (field.required) return fmt::format("{} is missing", field.name);
      continue;
    }
    const json::string* text = value->if_string();
    if (text == nullptr) return fmt::format("{} must be a string", field.name);
    if (field.required && text->empty()) return fmt::format("{} is empty", field.name);
    (field.required ? order.*field.required : (order.*field.optional).emplace()) = *text;
  }
  return std::nullopt;
}

/// The gateway's filter: from `<` to the next `>`, gone. A lone bracket stays.
std::string without_tags(std::string text) {
  for (auto open = text.find('<'); open != std::string::npos; open = text.find('<', open)) {
    const auto close = text.find('>', open);
    if (close == std::string::npos) break;
    text.erase(open, close - open + 1);
  }
  return text;
}

}  // namespace

std::optional<std::string> RequestBody::read(orders::ServiceId service, std::string text) {
  text_ = without_tags(std::move(text));
  json::error_code broken;
  document_ = json::parse(text_, broken, json::storage_ptr(&memory_));
  if (broken) return fmt::format("JSON parse error: {}", broken.message());
  const std::string_view wrapper = orders::service(service).wrapper;
  const json::object* outer = document_.if_object();
  const json::value* member = outer != nullptr ? outer->if_contains(wrapper) : nullptr;
  const json::array* list = member != nullptr ? member->if_array() : nullptr;
  if (list == nullptr || list->empty()) return fmt::format("{} must be an array with orders in it", wrapper);
  for (const json::value& element : *list) {
    const json::object* order = element.if_object();
    if (order == nullptr) return "an order must be an object";
    if (auto complaint = read_element(service, *order)) return complaint;
  }
  return std::nullopt;
}

std::optional<std::string> RequestBody::read_element(orders::ServiceId service, const json::object& element) {
  if (service == orders::ServiceId::modify) return read_strings(element, kUpdateFields, updates_.emplace_back());
  CreateOrder& order = creates_.emplace_back();
  const json::value* renew = element.if_contains("isRenew");
  if (renew == nullptr || !renew->is_bool()) return "isRenew must be true or false";
  order.is_renew = renew->get_bool();
  return read_strings(element, kCreateFields, order);
}

}  // namespace sluice::sandbox
