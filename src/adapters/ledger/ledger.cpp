#include "sluice/adapters/ledger/ledger.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "ledger/connection.hpp"
#include "ledger/worker.hpp"

namespace sluice::adapters::ledger {
namespace {

namespace asio = boost::asio;

/// Carries a result from the ledger's thread to the executor of the coroutine that waits for it, and keeps that
/// executor's context at work meanwhile.
template <class Handler, class T>
class Delivery {
 public:
  explicit Delivery(Handler handler)
      : work_(asio::make_work_guard(asio::get_associated_executor(handler))), handler_(std::move(handler)) {}

  void operator()(Result<T> result) {
    // Posted, not called: the coroutine must go on on its own thread, since nothing in the pipeline has a lock.
    auto executor = work_.get_executor();
    asio::post(executor, [handler = std::move(handler_), result = std::move(result)]() mutable {
      std::move(handler)(std::move(result));
    });
    work_.reset();
  }

 private:
  asio::executor_work_guard<asio::associated_executor_t<Handler>> work_;
  Handler handler_;
};

}  // namespace

class SqliteLedger::Impl {
 public:
  Impl(Store store, bool created) : created(created), worker_(std::move(store)) {}

  ports::Task<Result<void>> commit(Changes changes) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
        [this](auto handler, Changes queued) {
          worker_.commit(std::move(queued), Delivery<decltype(handler), void>(std::move(handler)));
        },
        asio::use_awaitable, std::move(changes));
  }

  /// `query` is called on the ledger's thread; what it captures is its own.
  template <class T, class Query>
  ports::Task<Result<T>> ask(Query query) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<T>)>(
        [this](auto handler, Query queued) {
          worker_.read([queued = std::move(queued), deliver = Delivery<decltype(handler), T>(std::move(handler))](
                           Store& store) mutable { deliver(queued(store)); });
        },
        asio::use_awaitable, std::move(query));
  }

  const bool created;

 private:
  Worker worker_;
};

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(std::string path, const Options& options) {
  // Checked, migrated and durable before anybody can ask it: there is no half-open ledger.
  auto opened = open_file(path, options);
  if (!opened) return std::unexpected(opened.error());
  const bool created = opened->created;
  Store store(std::move(path), std::move(*opened), options.read_only);
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(std::make_unique<Impl>(std::move(store), created)));
}

SqliteLedger::SqliteLedger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteLedger::~SqliteLedger() = default;

bool SqliteLedger::created() const {
  return impl_->created;
}

ports::Task<Result<void>> SqliteLedger::commit(ports::Changes changes) {
  return impl_->commit(std::move(changes));
}

ports::Task<Result<std::vector<ports::JobHeader>>> SqliteLedger::open_jobs() {
  return impl_->ask<std::vector<ports::JobHeader>>([](Store& store) { return store.open_jobs(); });
}

ports::Task<Result<std::optional<ports::JobHeader>>> SqliteLedger::job(JobId id) {
  return impl_->ask<std::optional<ports::JobHeader>>([id](Store& store) { return store.job(id); });
}

ports::Task<Result<std::vector<ports::JobHeader>>> SqliteLedger::jobs_with_content(std::string content_hash,
                                                                                   WallTime since) {
  return impl_->ask<std::vector<ports::JobHeader>>(
      [hash = std::move(content_hash), since](Store& store) { return store.jobs_with_content(hash, since); });
}

ports::Task<Result<std::vector<ports::JobHeader>>> SqliteLedger::ended_jobs(std::size_t limit) {
  return impl_->ask<std::vector<ports::JobHeader>>([limit](Store& store) { return store.ended_jobs(limit); });
}

ports::Task<Result<std::vector<ports::JobHeader>>> SqliteLedger::jobs_ended(ports::JobState state, WallTime since,
                                                                            WallTime before) {
  return impl_->ask<std::vector<ports::JobHeader>>(
      [=](Store& store) { return store.jobs_ended(state, since, before); });
}

ports::Task<Result<std::vector<ports::Batch>>> SqliteLedger::batches(JobId job, ports::BatchSet which, BatchId after,
                                                                     std::size_t limit) {
  return impl_->ask<std::vector<ports::Batch>>([=](Store& store) { return store.batches(job, which, after, limit); });
}

ports::Task<Result<std::vector<records::RowResult>>> SqliteLedger::rows(JobId job, std::uint64_t after,
                                                                        std::size_t limit) {
  return impl_->ask<std::vector<records::RowResult>>([=](Store& store) { return store.rows(job, after, limit); });
}

ports::Task<Result<std::vector<ports::Doubt>>> SqliteLedger::doubts(WallTime now) {
  return impl_->ask<std::vector<ports::Doubt>>([now](Store& store) { return store.doubts(now); });
}

ports::Task<Result<std::uint64_t>> SqliteLedger::first_sends(std::uint32_t day) {
  return impl_->ask<std::uint64_t>([day](Store& store) { return store.first_sends(day); });
}

ports::Task<Result<ports::HistoryPage>> SqliteLedger::history(ports::HistoryQuery query, std::uint64_t after) {
  return impl_->ask<ports::HistoryPage>(
      [query = std::move(query), after](Store& store) { return store.history(query, after); });
}

ports::Task<Result<ports::PlacedPage>> SqliteLedger::placed(WallTime since, std::uint64_t after) {
  return impl_->ask<ports::PlacedPage>([=](Store& store) { return store.placed(since, after); });
}

ports::Task<Result<std::string>> SqliteLedger::note(ports::NoteKey key) {
  return impl_->ask<std::string>([key = std::move(key)](Store& store) { return store.note(key.stored()); });
}

ports::Task<Result<ports::Ledger::Numbers>> SqliteLedger::numbers() {
  return impl_->ask<Numbers>([](Store& store) { return store.numbers(); });
}

ports::Task<Result<std::uint64_t>> SqliteLedger::reserve_jobs(std::uint64_t count) {
  return impl_->ask<std::uint64_t>([count](Store& store) { return store.reserve_jobs(count); });
}

}  // namespace sluice::adapters::ledger
