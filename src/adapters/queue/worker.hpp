#pragma once

#include <pthread.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "queue/delivery.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::queue {

/// A ledger's thread, which owns its store. It takes all that waits at once: first the commits, together, then the
/// reads; when nothing waits, it sweeps.
///
/// Of the store it asks: commit() of several, a result each; sweeping() and sweep(); give_up(), called from another
/// thread when it is to wait no longer for what is away.
template <class Store>
class Worker {
 public:
  explicit Worker(Store store) : store_(std::move(store)), thread_([this] { work(); }) {}
  /// Carries out what is queued, then joins.
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    store_.give_up();
    arrived_->notify_one();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Returns on the caller's executor, after the commit is durable.
  ports::Task<Result<void>> commit(ports::Changes changes) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<void>)>(
        [this](auto handler, ports::Changes queued) {
          this->put(boost::asio::get_associated_executor(handler), [&](Round& round) {
            round.commits.emplace_back(std::move(queued), Delivery<decltype(handler), void>(std::move(handler)));
          });
        },
        boost::asio::use_awaitable, std::move(changes));
  }

  /// `query` is called on the ledger's thread; what it captures is its own.
  template <class T, class Query>
  ports::Task<Result<T>> ask(Query query) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<T>)>(
        [this](auto handler, Query queued) {
          this->put(boost::asio::get_associated_executor(handler), [&](Round& round) {
            round.reads.emplace_back(
                [queued = std::move(queued), deliver = Delivery<decltype(handler), T>(std::move(handler))](
                    Store& store) mutable { deliver(queued(store)); });
          });
        },
        boost::asio::use_awaitable, std::move(query));
  }

 private:
  struct Commit {
    ports::Changes changes;
    std::move_only_function<void(Result<void>)> done;
  };
  struct Round {
    std::vector<Commit> commits;
    std::vector<std::move_only_function<void(Store&)>> reads;
    bool empty() const { return commits.empty() && reads.empty(); }
  };

  template <class Executor, class Add>
  void put(const Executor& executor, Add add) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = waiting_.empty();
      add(waiting_);
    }
    // Woken only once the caller's thread has gone through all that it can do now: what is asked for together is taken
    // together, and the commits of it share one write to disk.
    if (first) boost::asio::post(executor, [arrived = arrived_] { arrived->notify_one(); });
  }

  Round take_round(bool wait) {
    std::unique_lock lock(mutex_);
    if (wait) arrived_->wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    // All that waits, at once: commits that came while the last one was made durable share the next one.
    return std::exchange(waiting_, {});
  }

  void carry_out(Round round) {
    if (!round.commits.empty()) {
      std::vector<const ports::Changes*> together;
      together.reserve(round.commits.size());
      for (const auto& commit : round.commits) together.push_back(&commit.changes);
      // Commits first: a read that was asked after a commit sees it.
      auto results = store_.commit(together);
      for (std::size_t i = 0; i < results.size(); ++i) round.commits[i].done(std::move(results[i]));
    }
    for (auto& query : round.reads) query(store_);
  }

  void work() {
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
      // In small steps, and only when nobody waits: forgetting a million rows at once would stop all sending for
      // seconds.
      if (store_.sweeping()) store_.sweep();
    }
  }

  Store store_;
  std::mutex mutex_;
  const std::shared_ptr<std::condition_variable> arrived_ = std::make_shared<std::condition_variable>();
  Round waiting_;
  bool stopping_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace sluice::adapters::queue
