#include "postgresql/worker.hpp"

#include <pthread.h>

#include <utility>

namespace sluice::adapters::postgresql {

Worker::Worker(Store store) : store_(std::move(store)), thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  store_.give_up();
  arrived_.notify_one();
  thread_.join();
}

void Worker::commit(Changes changes, std::move_only_function<void(Result<void>)> done) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.commits.push_back({std::move(changes), std::move(done)});
  }
  arrived_.notify_one();
}

void Worker::read(std::move_only_function<void(Store&)> query) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.reads.push_back(std::move(query));
  }
  arrived_.notify_one();
}

Worker::Round Worker::take_round(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  // All that waits, at once: commits that came during the last round trip share the next one.
  return std::exchange(waiting_, {});
}

void Worker::carry_out(Round round) {
  if (!round.commits.empty()) {
    std::vector<const Changes*> together;
    together.reserve(round.commits.size());
    for (const auto& commit : round.commits) together.push_back(&commit.changes);
    // Commits first: a read that was asked after a commit sees it.
    auto results = store_.commit(together);
    for (std::size_t i = 0; i < results.size(); ++i) round.commits[i].done(std::move(results[i]));
  }
  for (auto& query : round.reads) query(store_);
}

void Worker::work() {
  ::pthread_setname_np(::pthread_self(), "ledger");
  for (;;) {
    Round round = take_round(!store_.sweeping());
    if (!round.empty()) {
      carry_out(std::move(round));
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      // Only with nothing queued: a commit that was accepted is carried out, whoever stops.
      if (stopping_) return;
    }
    if (store_.sweeping()) store_.sweep();
  }
}

}  // namespace sluice::adapters::postgresql
