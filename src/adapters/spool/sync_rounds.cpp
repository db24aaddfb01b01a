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

/// A folder, told from others by what it is: two people may mean two by one name.
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

}  // namespace

ports::Task<Result<void>> SyncRounds::sync(std::vector<Unsynced> changed) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
      [this](auto handler, std::vector<Unsynced> mine) {
        const asio::any_io_executor executor = asio::get_associated_executor(handler);
        waiting_.push_back({std::move(mine), std::move(handler)});
        // Whoever comes while a round is under way waits for the next: what that one synced may be older than this.
        if (!under_way_) begin_round(executor);
      },
      asio::use_awaitable, std::move(changed));
}

void SyncRounds::begin_round(const asio::any_io_executor& executor) {
  under_way_ = true;
  auto round = std::make_shared<Round>(std::exchange(waiting_, {}));
  offload_.post([this, executor, work = asio::make_work_guard(executor), round = std::move(round)] {
    asio::post(executor, [this, executor, round, outcome = carry_out(*round)]() mutable {
      under_way_ = false;
      fsyncs_ += outcome.fsyncs;
      if (!waiting_.empty()) begin_round(executor);
      for (std::size_t i = 0; i < round->size(); ++i) (*round)[i].done(std::move(outcome.results[i]));
    });
  });
}

SyncRounds::Outcome SyncRounds::carry_out(const Round& round) {
  std::vector<const Unsynced*> all;
  for (const auto& waiting : round) {
    for (const auto& changed : waiting.changed) all.push_back(&changed);
  }
  std::ranges::sort(all, {}, &Unsynced::order);
  std::vector<Place> synced;
  std::optional<Error> failed;
  for (const auto* changed : all) {
    const auto place = place_of(*changed->fd);
    if (std::ranges::count(synced, place) > 0) continue;
    if (const int error = posix::sync(*changed->fd)) {
      failed = posix::system_error(error, text::words::do_sync_folder(), changed->shown);
      break;
    }
    synced.push_back(place);
  }
  Outcome outcome{.results = {}, .fsyncs = synced.size()};
  for (const auto& waiting : round) {
    const bool durable = std::ranges::all_of(waiting.changed, [&](const Unsynced& changed) {
      return std::ranges::count(synced, place_of(*changed.fd)) > 0;
    });
    outcome.results.push_back(durable ? Result<void>{} : std::unexpected(*failed));
  }
  return outcome;
}

}  // namespace sluice::adapters::spool
