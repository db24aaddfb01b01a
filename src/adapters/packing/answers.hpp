#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/outcome.hpp"

namespace sluice::adapters::packing {

// What became of a job's rows, as stored: pieces of some rows each, on shelves of 200 rows of the file. What is settled
// together is a piece on each shelf it touches; the later piece of a shelf counts where two speak of one row.

inline constexpr std::uint64_t kShelfRows = 200;  // stored: never change
constexpr std::uint64_t shelf_of(std::uint64_t row) {
  return (row - 1) / kShelfRows;
}

/// A form byte (2), then each row by what it does not share with the one before: of one batch little more than the
/// order ids, and of these that are numbers what each differs by from the last. In form 1 they are texts.
std::string pack_answers(std::span<const records::RowResult> rows);

/// Adds the rows of a piece; false: it is damaged, and what was added is worth nothing.
bool unpack_answers(std::string_view packed, std::vector<records::RowResult>& rows);

/// A page of a job's answers, put together from the pieces of its shelves: ascending, each row once.
class ShelvesRead {
 public:
  ShelvesRead(std::uint64_t after, std::size_t limit) : after_(after), limit_(limit) {}

  /// The next piece: by shelf, and of one shelf as they were stored. False: it is damaged; it is left out.
  bool add(std::uint64_t shelf, std::string_view packed);
  /// Nothing that may still come changes the page.
  bool full() const { return settled_ >= limit_; }
  std::vector<records::RowResult> take();

 private:
  void settle_shelf();

  std::uint64_t after_;
  std::size_t limit_;
  std::vector<records::RowResult> rows_;
  std::size_t settled_ = 0;  ///< of rows_, those of the shelves that are through
  std::uint64_t shelf_ = 0;
};

}  // namespace sluice::adapters::packing
