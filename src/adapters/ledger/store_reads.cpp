#include <algorithm>
#include <cstdint>

#include "ledger/changes.hpp"
#include "ledger/fields.hpp"
#include "ledger/store.hpp"

namespace sluice::adapters::ledger {
namespace {

std::int64_t sql_limit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min(limit, static_cast<std::size_t>(INT64_MAX)));
}

std::uint64_t highest(Statements& statements, Number what) {
  Use use = statements.use(Sql::number);
  return use.with(what).step() ? static_cast<std::uint64_t>(use.number()) : 0;
}

}  // namespace

template <class T>
Result<std::vector<T>> Store::all(Use& use) {
  std::vector<T> records;
  while (use.step()) {
    Taker taker(use.statement());
    each_field(records.emplace_back(), taker);
    if (!taker.sound()) return std::unexpected(damage("a record holds what none can hold"));
  }
  return records;
}

Result<std::vector<ports::JobHeader>> Store::open_jobs() {
  return guarded([&] {
    Use use = statements_.use(Sql::open_jobs);
    return all<ports::JobHeader>(use);
  });
}

Result<std::optional<ports::JobHeader>> Store::job(JobId id) {
  return guarded([&]() -> Result<std::optional<ports::JobHeader>> {
    Use use = statements_.use(Sql::job);
    auto found = all<ports::JobHeader>(use.with(id.n));
    if (!found) return std::unexpected(found.error());
    if (found->empty()) return std::nullopt;
    return std::move(found->front());
  });
}

Result<std::vector<ports::JobHeader>> Store::jobs_with_content(const std::string& content_hash, WallTime since) {
  return guarded([&] {
    Use use = statements_.use(Sql::jobs_with_content);
    return all<ports::JobHeader>(use.with(content_hash, since));
  });
}

Result<std::vector<ports::JobHeader>> Store::ended_jobs(std::size_t limit) {
  return guarded([&] {
    Use use = statements_.use(Sql::ended_jobs);
    return all<ports::JobHeader>(use.with(sql_limit(limit)));
  });
}

Result<std::vector<ports::Batch>> Store::batches(JobId job, ports::BatchSet which, BatchId after, std::size_t limit) {
  return guarded([&]() -> Result<std::vector<ports::Batch>> {
    Use use = statements_.use(Sql::batches);
    auto found = all<ports::Batch>(use.with(job.n, which == ports::BatchSet::planned, after, sql_limit(limit)));
    const bool odd = found && std::ranges::any_of(*found, [](const ports::Batch& batch) {
                       return !batch.keys.empty() && batch.keys.size() != batch.rows.size();
                     });
    if (odd) return std::unexpected(damage("a batch has not a key for each row"));
    return found;
  });
}

Result<std::vector<records::RowResult>> Store::rows(JobId job, std::uint64_t after, std::size_t limit) {
  return guarded([&] {
    const std::uint64_t edition = edition_of(statements_, job);
    Use use = statements_.use(Sql::rows);
    return all<records::RowResult>(use.with(job.n, edition, after, sql_limit(limit)));
  });
}

Result<std::vector<ports::Doubt>> Store::doubts(WallTime now) {
  return guarded([&] {
    Use use = statements_.use(Sql::doubts);
    return all<ports::Doubt>(use.with(WallTime(now - ports::kDoubtsKept)));
  });
}

Result<std::uint64_t> Store::first_sends(std::uint32_t day) {
  return guarded([&]() -> Result<std::uint64_t> {
    Use use = statements_.use(Sql::first_sends);
    return use.with(day).step() ? static_cast<std::uint64_t>(use.number()) : 0;
  });
}

Result<std::string> Store::note(const std::string& key) {
  return guarded([&]() -> Result<std::string> {
    Use use = statements_.use(Sql::note);
    std::string value;
    if (use.with(key).step()) Taker(use.statement()).take(value);
    return value;
  });
}

Result<ports::Ledger::Numbers> Store::numbers() {
  return guarded([&]() -> Result<ports::Ledger::Numbers> {
    return ports::Ledger::Numbers{.job = highest(statements_, Number::job),
                                  .batch = highest(statements_, Number::batch)};
  });
}

}  // namespace sluice::adapters::ledger
