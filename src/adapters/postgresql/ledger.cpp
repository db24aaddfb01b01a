#include "postgresql/ledger.hpp"

#include <utility>

#include "postgresql/departed.hpp"
#include "postgresql/schema.hpp"
#include "postgresql/store.hpp"
#include "queue/worker.hpp"

namespace sluice::adapters::postgresql {

class PostgresLedger::Impl : public queue::Worker<Store> {
  using Worker::Worker;
};

Result<std::unique_ptr<PostgresLedger>> PostgresLedger::open(Server server, std::optional<Membership> host,
                                                             std::string looks_as) {
  auto connection = Connection::open(server);
  if (!connection) return std::unexpected(connection.error());
  if (auto known = check_version(*connection); !known) return std::unexpected(known.error());
  if (auto here = not_departed(*connection); !here) return std::unexpected(here.error());
  Store store(std::move(server), std::move(*connection), std::move(host), std::move(looks_as));
  return std::unique_ptr<PostgresLedger>(new PostgresLedger(std::make_unique<Impl>(std::move(store))));
}

PostgresLedger::PostgresLedger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PostgresLedger::~PostgresLedger() = default;

ports::Task<Result<void>> PostgresLedger::commit(ports::Changes changes) {
  return impl_->commit(std::move(changes));
}

ports::Task<Result<std::vector<ports::JobHeader>>> PostgresLedger::open_jobs() {
  return impl_->ask<std::vector<ports::JobHeader>>([](Store& store) { return store.open_jobs(); });
}

ports::Task<Result<std::optional<ports::JobHeader>>> PostgresLedger::job(JobId id) {
  return impl_->ask<std::optional<ports::JobHeader>>([id](Store& store) { return store.job(id); });
}

ports::Task<Result<std::vector<ports::JobHeader>>> PostgresLedger::jobs_with_content(std::string content_hash,
                                                                                     WallTime since) {
  return impl_->ask<std::vector<ports::JobHeader>>(
      [hash = std::move(content_hash), since](Store& store) { return store.jobs_with_content(hash, since); });
}

ports::Task<Result<std::vector<ports::JobHeader>>> PostgresLedger::jobs_before(std::optional<JobId> before,
                                                                               std::size_t limit) {
  return impl_->ask<std::vector<ports::JobHeader>>(
      [before, limit](Store& store) { return store.jobs_before(before, limit); });
}

ports::Task<Result<std::vector<ports::JobHeader>>> PostgresLedger::ended_jobs(std::size_t limit) {
  return impl_->ask<std::vector<ports::JobHeader>>([limit](Store& store) { return store.ended_jobs(limit); });
}

ports::Task<Result<std::vector<ports::JobHeader>>> PostgresLedger::jobs_ended(ports::JobState state, WallTime since,
                                                                              WallTime before) {
  return impl_->ask<std::vector<ports::JobHeader>>(
      [=](Store& store) { return store.jobs_ended(state, since, before); });
}

ports::Task<Result<std::vector<ports::Batch>>> PostgresLedger::batches(JobId job, ports::BatchSet which, BatchId after,
                                                                       std::size_t limit) {
  return impl_->ask<std::vector<ports::Batch>>([=](Store& store) { return store.batches(job, which, after, limit); });
}

ports::Task<Result<std::vector<records::RowResult>>> PostgresLedger::rows(JobId job, std::uint64_t after,
                                                                          std::size_t limit) {
  return impl_->ask<std::vector<records::RowResult>>([=](Store& store) { return store.rows(job, after, limit); });
}

ports::Task<Result<std::vector<ports::Doubt>>> PostgresLedger::doubts(WallTime now) {
  return impl_->ask<std::vector<ports::Doubt>>([now](Store& store) { return store.doubts(now); });
}

ports::Task<Result<std::uint64_t>> PostgresLedger::first_sends(std::uint32_t day) {
  return impl_->ask<std::uint64_t>([day](Store& store) { return store.first_sends(day); });
}

ports::Task<Result<ports::HistoryPage>> PostgresLedger::history(ports::HistoryQuery query, std::uint64_t after) {
  return impl_->ask<ports::HistoryPage>(
      [query = std::move(query), after](Store& store) { return store.history(query, after); });
}

ports::Task<Result<ports::PlacedPage>> PostgresLedger::placed(WallTime since, std::uint64_t after) {
  return impl_->ask<ports::PlacedPage>([=](Store& store) { return store.placed(since, after); });
}

ports::Task<Result<std::string>> PostgresLedger::note(ports::NoteKey key) {
  return impl_->ask<std::string>([key = std::move(key)](Store& store) { return store.note(key.stored()); });
}

ports::Task<Result<ports::Ledger::Numbers>> PostgresLedger::numbers() {
  return impl_->ask<Numbers>([](Store& store) { return store.numbers(); });
}

ports::Task<Result<std::uint64_t>> PostgresLedger::reserve_jobs(std::uint64_t count) {
  return impl_->ask<std::uint64_t>([count](Store& store) { return store.reserve_jobs(count); });
}

}  // namespace sluice::adapters::postgresql
