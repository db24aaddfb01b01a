#pragma once

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "order_memory.hpp"
#include "sluice/orders/service.hpp"

namespace sluice::sandbox {

/// The orders of one request, read strictly: every field a JSON string but isRenew, which is a boolean. Before that,
/// what looks like an HTML tag is cut out of the raw text, as the framework's gateway does (docs/api.md, Two services).
class RequestBody {
 public:
  RequestBody() = default;
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  /// Words for a 400; nullopt: understood. Call once. The orders view into this object.
  std::optional<std::string> read(orders::ServiceId service, std::string text);

  const std::vector<CreateOrder>& creates() const { return creates_; }
  const std::vector<UpdateOrder>& updates() const { return updates_; }
  std::size_t size() const { return creates_.size() + updates_.size(); }

 private:
  std::optional<std::string> read_element(orders::ServiceId service, const boost::json::object& element);

  static constexpr std::size_t kFirstBlock = 64 * 1024;
  std::array<unsigned char, kFirstBlock> first_block_;
  boost::json::monotonic_resource memory_{first_block_.data(), first_block_.size()};
  std::string text_;
  boost::json::value document_;
  std::vector<CreateOrder> creates_;
  std::vector<UpdateOrder> updates_;
};

}  // namespace sluice::sandbox
