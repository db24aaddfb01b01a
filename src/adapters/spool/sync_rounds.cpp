#include "spool/sync_rounds.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "posix/error.hpp"
#include "posix/move.hpp"
#include "spool/offload.hpp"

namespace sluice::adapters::spool {
namespace {

namespace asio = boost::asio;

/// A folder, told from others by what it is: two people may mean two by one name, and one may be opened twice.
struct Place {
  dev_t device;
  ino_t inode;
  friend bool operator==(const Place&, const Place&) = default;
};

Place place_of(const posix::Fd& fd) {
  struct stat s{};
  ::fstat(fd.get(), &s);  // of a descriptor that is open it can't fail (fstat(2))
  return {s.st_dev, s.st_ino};
}

/// The folders that a round has fsynced.
class Synced {
 public:
  bool has(const posix::Fd& fd) const {
    // Mostly all share one descriptor.
    return std::ranges::count(fds_, &fd) > 0 || std::ranges::count(places_, place_of(fd)) > 0;
  }
  void add(const posix::Fd& fd) {
    fds_.push_back(&fd);
    places_.push_back(place_of(fd));
  }
  std::size_t size() const { return fds_.size(); }

 private:
  std::vector<const posix::Fd*> fds_;
  std::vector<Place> places_;
};

}  // namespace

ports::Task<Result<void>> SyncRounds::sync(std::vector<Unsynced> changed) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
      [this](auto handler, std::vector<Unsynced> mine) {
        const asio::any_io_executor executor = asio::get_associated_executor(handler);
        {
          const std::scoped_lock lock(mutex_);
          waiting_.push_back({std::move(mine), std::move(handler)});
        }
        // Whoever comes when a round has begun waits for the next: what that one synced may be older than this.
        if (!under_way_) begin_round(executor);
      },
      asio::use_awaitable, std::move(changed));
}

void SyncRounds::begin_round(const asio::any_io_executor& executor) {
  under_way_ = true;
  offload_.post([this, executor, work = asio::make_work_guard(executor)] {
    // Only now: who came while the file threads were busy with other things is of this round, too.
    auto round = std::make_shared<Round>(take_waiting());
    asio::post(executor, [this, executor, round, outcome = carry_out(*round)]() mutable {
      under_way_ = false;
      fsyncs_ += outcome.fsyncs;
      if (has_waiting()) begin_round(executor);
      for (std::size_t i = 0; i < round->size(); ++i) (*round)[i].done(std::move(outcome.results[i]));
    });
  });
}

SyncRounds::Round SyncRounds::take_waiting() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(waiting_, {});
}

bool SyncRounds::has_waiting() {
  const std::scoped_lock lock(mutex_);
  return !waiting_.empty();
}

SyncRounds::Outcome SyncRounds::carry_out(const Round& round) {
  std::vector<const Unsynced*> all;
  for (const auto& waiting : round) {
    for (const auto& changed : waiting.changed) all.push_back(&changed);
  }
  std::ranges::sort(all, {}, &Unsynced::order);
  Synced synced;
  std::optional<Error> failed;
  for (const auto* changed : all) {
    if (synced.has(*changed->fd)) continue;
    if (const int error = posix::sync(*changed->fd)) {
      failed = posix::system_error(error, text::words::do_sync_folder(), changed->shown);
      break;
    }
    synced.add(*changed->fd);
  }
  Outcome outcome{.results = {}, .fsyncs = synced.size()};
  for (const auto& waiting : round) {
    const bool durable =
        std::ranges::all_of(waiting.changed, [&](const Unsynced& changed) { return synced.has(*changed.fd); });
    outcome.results.push_back(durable ? Result<void>{} : std::unexpected(*failed));
  }
  return outcome;
}

}  // namespace sluice::adapters::spool
