#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>

#include "columns.hpp"
#include "sluice/text/words.hpp"

namespace sluice::orders {

inline constexpr std::size_t kMostListed = 12;  ///< names in one sentence

/// The one service whose required columns are all there; a message where it is none or several, and where a service
/// that no column of its own tells would be taken though a column, perhaps misspelled, tells of another: a cancellation
/// must not come of an order with a typing error in its header. `readings`: the same names, as each service reads them.
std::expected<Reading, text::Message> choose_service(std::span<const Reading> readings,
                                                     std::span<const std::string> names);

}  // namespace sluice::orders
