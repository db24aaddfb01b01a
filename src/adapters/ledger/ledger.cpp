#include "sluice/adapters/ledger/ledger.hpp"

#include <sqlite3.h>

#include <utility>

#include "ledger/connection.hpp"
#include "ledger/departed.hpp"
#include "ledger/store.hpp"
#include "queue/worker.hpp"

namespace sluice::adapters::ledger {

class SqliteLedger::Impl : public queue::Worker<Store> {
 public:
  Impl(Store store, bool created) : Worker(std::move(store)), created(created) {}

  const bool created;
};

namespace {

Result<void> not_departed_file(const OpenedLedger& opened, const std::string& path) {
  try {
    return not_departed(*opened.database, path);
  } catch (const SQLite::Exception& exception) {
    return std::unexpected(ledger_error(path, exception, sqlite3_system_errno(opened.database->getHandle())));
  }
}

}  // namespace

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(std::string path, const Options& options) {
  // Checked, migrated and durable before anybody can ask it: there is no half-open ledger.
  auto opened = open_file(path, options);
  if (!opened) return std::unexpected(opened.error());
  if (auto here = not_departed_file(*opened, path); !here) return std::unexpected(here.error());
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

ports::Task<Result<std::vector<ports::JobHeader>>> SqliteLedger::jobs_before(std::optional<JobId> before,
                                                                             std::size_t limit) {
  return impl_->ask<std::vector<ports::JobHeader>>(
      [before, limit](Store& store) { return store.jobs_before(before, limit); });
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
