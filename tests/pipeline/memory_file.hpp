#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

/// A claimed file that is a string; may be changed behind the reader's back.
class MemoryFile final : public ports::ClaimedFile {
 public:
  explicit MemoryFile(std::string bytes) : bytes_(std::move(bytes)) {}

  ports::FileIdentity as_it_is() const { return {.inode = 1, .size = bytes_.size(), .mtime_ns = changes_}; }
  void change(std::string bytes) {
    bytes_ = std::move(bytes);
    ++changes_;
  }
  /// Through a shared mapping: nothing shows in its times.
  void change_unseen(std::string_view from, std::string_view to) { bytes_.replace(bytes_.find(from), from.size(), to); }
  /// Changed at the read that begins at or after `offset`.
  void change_at(std::uint64_t offset) { change_at_ = offset; }

  using ClaimedFile::content_hash;
  ports::Task<Result<ports::FileIdentity>> identity() override { co_return as_it_is(); }
  ports::Task<Result<std::string>> content_hash(std::function<bool()>) override {
    co_return std::to_string(std::hash<std::string>{}(bytes_));
  }
  ports::Task<Result<std::string>> read_at(std::uint64_t offset, std::size_t size) override {
    if (offset >= change_at_) ++changes_;
    ++reads;
    if (slow) co_await slow();
    co_return offset < bytes_.size() ? bytes_.substr(offset, size) : "";
  }
  ports::Task<Result<std::string>> read_rows(std::vector<records::RowRef> rows, ports::FileIdentity expected) override {
    if (failing) co_return std::unexpected(*failing);
    if (expected != as_it_is()) co_return fail(ErrorKind::changed, "the file was changed");
    std::string raw;
    for (const auto& row : rows) raw += bytes_.substr(row.offset, row.length);
    co_return raw;
  }

  std::optional<Error> failing;  ///< of read_rows
  std::size_t reads = 0;         ///< by read_at
  std::function<ports::Task<void>()> slow;

 private:
  std::string bytes_;
  std::int64_t changes_ = 0;
  std::uint64_t change_at_ = UINT64_MAX;
};

}  // namespace sluice::pipeline
