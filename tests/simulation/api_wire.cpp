// The API's side of the wire: what it reads and what it writes. Kept apart from orders/, which must come to the same.
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>

#include "api.hpp"

namespace sluice::simulation {

namespace json = boost::json;

std::span<const std::string_view> wire_fields(orders::ServiceId service) {
  static constexpr std::string_view create[] = {"uid",      "douyinId",     "nickname", "source",
                                                "province", "endMonthTime", "isRenew"};
  static constexpr std::string_view modify[] = {"orderId",     "oldUid",      "newUid",
                                                "newDouyinId", "newNickname", "executeTime"};
  return service == orders::ServiceId::create ? std::span<const std::string_view>(create)
                                              : std::span<const std::string_view>(modify);
}

namespace {

/// Strings everywhere but isRenew, which is a boolean; nothing the pages don't name.
std::optional<ArrivedOrder> read_order(orders::ServiceId service, const json::value& value) {
  const auto* object = value.if_object();
  if (!object) return std::nullopt;
  ArrivedOrder order;
  std::size_t known = 0;
  for (const auto field : wire_fields(service)) {
    const auto* member = object->if_contains(json::string_view(field.data(), field.size()));
    if (member) {
      ++known;
      if (field == "isRenew" ? !member->is_bool() : !member->is_string()) return std::nullopt;
      order.wire +=
          member->is_bool() ? (member->get_bool() ? "true" : "false") : std::string_view(member->get_string());
      if (order.key.empty()) order.key = order.wire;  // the key field comes first
      if (field == "douyinId") order.douyin_id = std::string_view(member->get_string());
    }
    order.wire += '|';
  }
  if (known != object->size() || order.key.empty()) return std::nullopt;
  return order;
}

constexpr std::string_view kOddStatuses[] = {R"("SUCCESS")", "true", "null", "77", R"("0")", "false"};

struct Dialect {
  bool status_text;
  bool key_upper;
  bool dates;
  bool wrapped;
  bool echoes;
  std::string_view odd;  ///< what stands for kOddStatus
};

std::string row_bytes(const orders::Service& service, const ArrivedOrder& order, const std::pair<int, std::string>& row,
                      const Dialect& dialect) {
  std::string out = "{";
  if (service.id == orders::ServiceId::create) {
    out += fmt::format(R"("{}":"{}","douyinId":"{}",)", dialect.key_upper ? "UID" : "uid", order.key, order.douyin_id);
    out += fmt::format(R"("orderId":"{}",)", row.second);
    out += dialect.dates ? R"("startTime":"2026-02-02","endTime":"1987-06-18 10:19:28",)" : R"("startTime":null,)";
  } else if (dialect.echoes) {
    out += fmt::format(R"("orderId":"{}",)", order.key);
  }
  if (row.first == kOddStatus) return out + fmt::format(R"("status":{}}})", dialect.odd);
  out +=
      dialect.status_text ? fmt::format(R"("status":"{}"}})", row.first) : fmt::format(R"("status":{}}})", row.first);
  return out;
}

}  // namespace

std::optional<std::vector<ArrivedOrder>> read_body(const orders::Service& service, const std::string& body) {
  std::array<unsigned char, 16 * 1024> room;
  json::monotonic_resource memory(room.data(), room.size());
  json::error_code error;
  const json::value parsed = json::parse(body, error, &memory);
  if (error || !parsed.is_object()) return std::nullopt;
  const auto* list = parsed.get_object().if_contains(json::string_view(service.wrapper.data(), service.wrapper.size()));
  if (!list || !list->is_array() || list->get_array().empty() || parsed.get_object().size() != 1) return std::nullopt;
  std::vector<ArrivedOrder> orders;
  for (const auto& value : list->get_array()) {
    auto order = read_order(service.id, value);
    if (!order) return std::nullopt;
    orders.push_back(std::move(*order));
  }
  return orders;
}

HonestBody honest_body(const orders::Service& service, const std::vector<ArrivedOrder>& orders,
                       const std::vector<std::pair<int, std::string>>& rows, const std::vector<bool>& has_row,
                       Random& random) {
  const bool complete = std::ranges::all_of(has_row, std::identity{});
  const bool create = service.id == orders::ServiceId::create;
  const Dialect dialect{.status_text = random.per_mille(500),
                        .key_upper = random.per_mille(200),
                        .dates = random.per_mille(700),
                        .wrapped = !create || random.per_mille(200),
                        .echoes = random.per_mille(300),
                        .odd = kOddStatuses[random.below(std::size(kOddStatuses))]};
  std::vector<std::size_t> order_of_rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (has_row[i]) order_of_rows.push_back(i);
  }
  // Rows that name their order may come in any order; those that don't, only in the one they were sent in.
  if ((create || dialect.echoes) && random.per_mille(300)) {
    for (std::size_t i = order_of_rows.size(); i > 1; --i)
      std::swap(order_of_rows[i - 1], order_of_rows[random.below(i)]);
  }
  std::string data = "[";
  for (const auto i : order_of_rows) {
    if (data.size() > 1) data += ',';
    data += row_bytes(service, orders[i], rows[i], dialect);
  }
  data += ']';
  if (dialect.wrapped) data = fmt::format(R"({{"{}":{}}})", create ? "list" : "modifyOrders", data);
  return {.bytes = fmt::format(R"({{"msg":"{}","code":200,"data":{}}})", complete ? "操作成功" : "ok", data),
          .names_orders = create || dialect.echoes};
}

}  // namespace sluice::simulation
