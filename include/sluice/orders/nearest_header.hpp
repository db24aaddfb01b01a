#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "sluice/orders/service.hpp"

namespace sluice::orders {

struct NearHeader {
  std::string_view header;  ///< empty: none is near
  std::size_t distance = std::numeric_limits<std::size_t>::max();
};

/// The header that somebody who wrote `name` most likely meant, of the fields that no column is (`field_of_column` as
/// in Mapping). At most a third of the characters may differ; half of them in Chinese, where a name has few.
NearHeader nearest_header(std::string_view name, const Service& service, std::span<const int> field_of_column);

}  // namespace sluice::orders
