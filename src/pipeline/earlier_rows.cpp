#include "earlier_rows.hpp"

#include <algorithm>

namespace sluice::pipeline {

namespace {
constexpr std::size_t kBlock = 64 * 1024;
}

ports::Task<Result<std::string>> EarlierRows::raw(records::RowRef row) {
  const bool at_hand = row.offset >= offset_ && row.offset + row.length <= offset_ + block_.size();
  if (!at_hand) {
    auto block = co_await file_.read_at(row.offset, std::max<std::size_t>(kBlock, row.length));
    if (!block) co_return std::unexpected(block.error());
    offset_ = row.offset;
    block_ = std::move(*block);
  }
  co_return block_.substr(row.offset - offset_, row.length);
}

}  // namespace sluice::pipeline
