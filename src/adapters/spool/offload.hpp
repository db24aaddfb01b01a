// What the spool hands out: each shares its file with the work under way, so that a caller who is gone by the time the
// work ends does no harm.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/ports/clock.hpp"
#include "sluice/text/words/spool.hpp"
#include "spool/claim.hpp"
#include "spool/claimed_file.hpp"
#include "spool/output.hpp"
#include "spool/sync_rounds.hpp"

namespace sluice::adapters::spool {

/// The threads on which files are worked. Work once started is finished: a cancelled caller hears of it later, and what
/// the work uses must be its own (by value or shared).
class Offload {
 public:
  /// Two threads: a long copy doesn't stop the results of other jobs. Throws std::system_error where there are none to
  /// be had. (Asio's thread_pool would then wait for its first thread for good.)
  Offload() : working_(boost::asio::make_work_guard(pool_)), in_turn_(boost::asio::make_strand(pool_)) {
    try {
      for (auto& thread : threads_) thread = std::jthread([this] { pool_.run(); });
    } catch (...) {
      pool_.stop();
      throw;
    }
  }
  ~Offload() { working_.reset(); }
  Offload(const Offload&) = delete;
  Offload& operator=(const Offload&) = delete;

  /// Does the work on one of the threads and comes back on the caller's executor.
  template <class Work>
  auto anywhere(Work work) {
    return on(pool_.get_executor(), std::move(work));
  }
  /// The same, one after the other in the order asked for: the inbox.
  template <class Work>
  auto in_turn(Work work) {
    return on(in_turn_, std::move(work));
  }
  /// Does the work on one of the threads; nobody waits for it.
  template <class Work>
  void post(Work work) {
    boost::asio::post(pool_, std::move(work));
  }

 private:
  template <class Executor, class Work>
  static auto on(Executor executor, Work work) -> ports::Task<std::invoke_result_t<Work&>> {
    using Value = std::invoke_result_t<Work&>;
    auto begin = [executor](auto handler, Work task) {
      auto back = boost::asio::get_associated_executor(handler);
      auto guard = boost::asio::make_work_guard(back);
      boost::asio::post(
          executor, [task = std::move(task), handler = std::move(handler), back, guard = std::move(guard)]() mutable {
            Value value = task();
            boost::asio::post(back, [handler = std::move(handler), value = std::move(value)]() mutable {
              std::move(handler)(std::move(value));
            });
          });
    };
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Value)>(
        std::move(begin), boost::asio::use_awaitable, std::move(work));
  }

  boost::asio::io_context pool_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_;
  boost::asio::strand<boost::asio::io_context::executor_type> in_turn_;
  std::array<std::jthread, 2> threads_;  ///< last, so that they are joined first
};

class PosixCandidate final : public ports::Candidate {
 public:
  PosixCandidate(Offload& offload, SyncRounds& rounds, std::shared_ptr<Claim> claim)
      : offload_(offload), rounds_(rounds), claim_(std::move(claim)) {}
  const std::string& name() const override { return claim_->name(); }
  const ports::FileIdentity& identity() const override { return claim_->identity(); }
  ports::Task<Result<void>> take(JobId job) override {
    auto moved = co_await offload_.in_turn([claim = claim_, job] { return claim->move(job); });
    if (!moved) co_return std::unexpected(moved.error());
    auto durable = co_await rounds_.sync(*std::move(moved));
    co_return co_await offload_.in_turn([claim = claim_, durable] { return claim->end(durable); });
  }

 private:
  Offload& offload_;
  SyncRounds& rounds_;
  std::shared_ptr<Claim> claim_;
};

/// Mostly without a change of thread: what was dropped or surveyed a moment ago is in memory yet.
class PosixClaimedFile final : public ports::ClaimedFile {
 public:
  PosixClaimedFile(Offload& offload, std::shared_ptr<const ClaimedBytes> bytes)
      : offload_(offload), bytes_(std::move(bytes)) {}
  ports::Task<Result<ports::FileIdentity>> identity() override {
    if (bytes_->keeps_nobody_waiting()) co_return bytes_->identity();
    co_return co_await offload_.anywhere([bytes = bytes_] { return bytes->identity(); });
  }
  using ClaimedFile::content_hash;
  ports::Task<Result<std::string>> content_hash(std::function<bool()> gives_up) override {
    // Before results are published it is asked for again: of bytes that were hashed once the tag alone shows that they
    // are still the same.
    if (known_) {
      const auto again = std::make_shared<posix::ContentHash>(posix::ContentHash::Takes::tag);
      auto whole = co_await take_all(again, gives_up);
      if (!whole) co_return std::unexpected(whole.error());
      if (again->tag() == known_->tag) co_return known_->hash;
    }
    const auto hash = std::make_shared<posix::ContentHash>();
    auto whole = co_await take_all(hash, gives_up);
    if (!whole) co_return std::unexpected(whole.error());
    auto hex = hash->hex();
    if (const auto tag = hash->tag()) known_ = Known{.tag = *tag, .hash = hex};
    co_return hex;
  }
  ports::Task<Result<std::string>> read_at(std::uint64_t offset, std::size_t size) override {
    if (auto at_once = bytes_->in_memory_at(offset, size)) co_return *std::move(at_once);
    co_return co_await offload_.anywhere([bytes = bytes_, offset, size] { return bytes->read_at(offset, size); });
  }
  ports::Task<Result<std::string>> read_rows(std::vector<records::RowRef> rows, ports::FileIdentity expected) override {
    if (auto at_once = bytes_->rows_in_memory(rows, expected)) co_return *std::move(at_once);
    co_return co_await offload_.anywhere(
        [bytes = bytes_, rows = std::move(rows), expected] { return bytes->read_rows(rows, expected); });
  }

 private:
  struct Known {
    posix::ContentTag tag;
    std::string hash;
  };

  /// Small files come by the hundred, and each change of thread costs more than their hash.
  static constexpr std::size_t kSmall = 64 * 1024;

  ports::Task<Result<void>> take_all(std::shared_ptr<posix::ContentHash> hash, std::function<bool()> gives_up) {
    const auto at_once = bytes_->in_memory_at(0, kSmall);
    if (at_once && at_once->size() < kSmall) co_return hash->take(*at_once);
    while (true) {
      auto whole = co_await offload_.anywhere([bytes = bytes_, hash] { return bytes->hash_some(*hash); });
      if (!whole) co_return std::unexpected(whole.error());
      if (*whole) co_return Result<void>{};
      if (gives_up()) co_return fail(ErrorKind::cancelled, text::words::reading_called_off());
    }
  }

  Offload& offload_;
  std::shared_ptr<const ClaimedBytes> bytes_;
  std::optional<Known> known_;  ///< once it was hashed
};

class PosixOutput final : public ports::Output {
 public:
  PosixOutput(Offload& offload, SyncRounds& rounds, ports::OutputKind kind, std::shared_ptr<Temporary> file)
      : offload_(offload), rounds_(rounds), kind_(kind), file_(std::move(file)) {}
  /// Mostly only gathers, without a change of thread.
  ports::Task<Result<void>> append(std::string bytes) override {
    file_->append(std::move(bytes));
    if (!file_->due()) co_return Result<void>{};
    co_return co_await offload_.anywhere([file = file_] { return file->write(); });
  }
  ports::Task<Result<void>> finish() override {
    auto written = co_await offload_.anywhere([file = file_] { return file->finish(); });
    // One fsync of their folder holds for the names of all.
    if (written && kind_ == ports::OutputKind::summary) written = co_await rounds_.sync(file_->unsynced());
    co_return written;
  }

 private:
  Offload& offload_;
  SyncRounds& rounds_;
  ports::OutputKind kind_;
  std::shared_ptr<Temporary> file_;
};

}  // namespace sluice::adapters::spool
