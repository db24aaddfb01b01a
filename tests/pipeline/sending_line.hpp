#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "memory_file.hpp"
#include "memory_gate.hpp"
#include "memory_hosts.hpp"
#include "memory_ledger.hpp"
#include "pipeline/row_marks.hpp"
#include "pipeline/sender.hpp"
#include "pipeline/shared_facts.hpp"
#include "samples.hpp"
#include "scripted_upstream.hpp"

namespace sluice::pipeline {

inline std::vector<std::uint64_t> uids(std::uint64_t count, std::uint64_t first = 1001) {
  std::vector<std::uint64_t> uids(count);
  for (std::uint64_t i = 0; i < count; ++i) uids[i] = first + i;
  return uids;
}

/// A sender with everything round it in memory, one job of create orders, and a list of what was done in which order.
class SendingLine : public testing::Test {
 protected:
  SendingLine() {
    ledger.committed = [this](const auto& changes) { note(changes); };
    job();
  }

  static constexpr JobId kOther{.day = kJob.day, .n = kJob.n + 1};

  Job& job(JobId id = kJob) {
    auto& job = jobs[id];
    if (!job) {
      job = std::make_unique<Job>();
      job->changed = clock.timer();
      job->header.id = id;
    }
    return *job;
  }

  /// A surveyed job: a row for each uid, batches of `batch` orders.
  void plan(const std::vector<std::uint64_t>& uids, std::size_t batch, JobId id = kJob) {
    std::string bytes = "douyinId,source,uid,endMonthTime,isRenew\n";
    ports::Batch open{.job = id};
    for (std::size_t i = 0; i < uids.size(); ++i) {
      const auto row = fmt::format("abc,CUCC,{},2031-12,false", uids[i]);
      open.rows.push_back({.row = i + 1, .offset = bytes.size(), .length = static_cast<std::uint32_t>(row.size())});
      bytes += row + "\n";
      if (open.rows.size() < batch && i + 1 < uids.size()) continue;
      open.id = next_batch();
      ledger.put(open);
      open.rows.clear();
    }
    auto& header = job(id).header;
    auto file = std::make_unique<MemoryFile>(bytes);
    header.state = ports::JobState::sending;
    header.service = orders::ServiceId::create;
    header.rows = uids.size();
    header.file = file->as_it_is();
    header.started_at = kNoon;
    header.base_url = "http://api/";
    job(id).address_noted = true;
    job(id).format = records::sniff(bytes, true, text::Encoding::utf8, {.wrappers = orders::wrappers()}).value();
    job(id).reading = OrderReading::of(job(id).format, {}).value();
    job(id).file = std::move(file);
    ledger.store.apply({ports::PutJob{header}});
    mark(job(id));
  }
  /// As the planner marks the rows of what it plans.
  void mark(Job& job) {
    job.marks = &marks;
    for (auto batch : ledger.store.batches(job.id(), ports::BatchSet::planned, BatchId{}, 1000)) {
      for (const auto& order : clock.run(read_again(job, {.rows = batch.rows})).value().orders)
        batch.marks.push_back(marks.of(order.element()));
      ledger.put(batch);
    }
  }
  std::vector<orders::Order> read_orders(std::vector<records::RowRef> rows) {
    return clock.run(read_again(job(kJob), {.rows = std::move(rows)})).value().orders;
  }
  void begin() {
    for (const auto& [id, job] : jobs) {
      if (job->file) ASSERT_TRUE(clock.run(sender.adopt(*job)));
    }
    clock.spawn(sender.run());
  }
  /// As an earlier process left a batch that may have been applied.
  ports::Batch left(std::uint64_t batch) {
    auto left = ledger.batch(batch);
    left.state = ports::BatchState::waiting;
    left.past.maybe_applied = true;
    left.past.sends = 1;
    ledger.put(left);
    return left;
  }
  MemoryFile& file(JobId id = kJob) { return dynamic_cast<MemoryFile&>(*job(id).file); }
  void end() {
    stop.step = Stop::Step::asked;
    sender.wake();
    sender.turn_away();
    clock.pass(std::chrono::minutes(2));
    EXPECT_EQ(sender.in_flight(), 0);
  }
  void TearDown() override { end(); }

  BatchId next_batch() { return BatchId{++last_batch_}; }
  std::uint64_t settled(records::Outcome outcome) {
    std::uint64_t rows = 0;
    for (const auto& [id, job] : jobs) {
      for (const auto& [row, result] : ledger.store.rows(id.n)) rows += result.outcome == outcome ? 1 : 0;
    }
    return rows;
  }

  std::vector<std::string> deeds;
  FakeClock clock;
  MemoryLedger ledger;
  MemoryHosts hosts{clock};
  MemoryGate store{clock.now()};
  ScriptedUpstream api{clock, deeds};
  RowMarks marks{std::string(32, 'm')};
  config::Settings settings;
  Stop stop;
  Journal journal{clock, ledger, stop};
  Breaker breaker{settings};
  SlotQueue slots{clock, store};
  BusyKeys busy;
  Jobs jobs;
  Doubts doubts;
  int facts_read = 0;
  SharedFacts shared{[this] { return read_shared(); }};
  Sending sending{.clock = clock,
                  .upstream = api,
                  .hosts = hosts,
                  .journal = journal,
                  .breaker = breaker,
                  .slots = slots,
                  .busy = busy,
                  .jobs = jobs,
                  .doubts = doubts,
                  .shared = shared,
                  .settings = settings,
                  .stop = stop,
                  .next_batch = [this] { return next_batch(); }};
  Sender sender{clock.io().get_executor(), sending};

  /// As the engine reads them.
  ports::Task<Result<void>> read_shared() {
    ++facts_read;
    doubts.renew(ledger.store.doubts(clock.wall()));
    const auto today = day_number(api_day(clock.wall()));
    sender.set_day(today, ledger.store.first_sends(today));
    co_return Result<void>{};
  }

 private:
  void note(const std::vector<ports::Change>& changes) {
    for (const auto& change : changes) {
      if (const auto* put = std::get_if<ports::PutBatches>(&change)) {
        for (const auto& batch : put->batches) {
          deeds.push_back(
              fmt::format("{} b{}", batch.state == ports::BatchState::sending ? "announce" : "keep", number(batch.id)));
        }
      } else if (const auto* rows = std::get_if<ports::PutRows>(&change)) {
        deeds.push_back(fmt::format("settle {}", rows->rows.size()));
      }
    }
  }

  std::uint64_t last_batch_ = 0;
};

}  // namespace sluice::pipeline
