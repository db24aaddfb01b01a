#include "job.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>

#include "after_answer.hpp"
#include "journal.hpp"
#include "row_marks.hpp"
#include "sluice/records/reader.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

using records::Outcome;

void to_boottime(Waiting& waiting, const ports::Clock& clock, const config::Settings& settings) {
  const auto now = clock.now();
  const auto wall = clock.wall();
  const auto& batch = waiting.batch;
  const auto& retry = settings.retry;
  if (batch.not_before) {
    // Clamped, because the wall clock may have been set since: a year ahead must not hold a batch for a year.
    waiting.due = now + std::clamp<Nanos>(*batch.not_before - wall, Nanos{0}, longest_delay(settings));
  }
  if (!batch.past.lost_since) {
    waiting.lost_since.reset();
  } else if (!waiting.lost_since) {
    waiting.lost_since = now - std::clamp<Nanos>(wall - *batch.past.lost_since, Nanos{0}, retry.outage);
  }
}

void Job::put_on_hold(ports::Hold why, std::string words) {
  // Both copies: the decision under way is about to be committed, and would otherwise take the hold back.
  if (deciding) std::tie(deciding->hold, deciding->hold_words) = std::tie(why, words);
  if (takes_the_file(why)) doubt_file();
  header.hold = why;
  header.hold_words = std::move(words);
}

ports::Task<void> Job::hold(Journal& journal, ports::Hold why, std::string words) {
  // Also where an earlier process held it so already: its grip is not in the ledger, and others wait for it.
  if (takes_the_file(why)) doubt_file();
  if (held() && (!takes_the_file(why) || header.hold == why)) co_return;
  if (why == ports::Hold::file_changed && unreadable.empty()) {
    words = text::words::put_back(words, id());
  }
  spdlog::warn("{}", text::about(id(), text::words::job_is_held(id(), words)));
  put_on_hold(why, std::move(words));
  co_await journal.commit_hold(*this);
  changed->wake();
}

void Job::forget_batches() {
  // The keys outlive the batches: until these are taken up again, no other order of theirs may start.
  for (auto& waiting : started) guard.join(std::move(waiting.hold));
  started.clear();
  fresh.clear();
  loaded.reset();  // adopt() starts over
  grip = grip == FileGrip::sure || grip == FileGrip::unknown ? FileGrip::unknown : FileGrip::lost;
}

void Job::doubt_file() {
  if (grip == FileGrip::sure) grip = FileGrip::doubtful;
  // Only with its keys held: without that, what it has under way is unknown, and it goes on blocking all sending.
  if (grip == FileGrip::unknown && guard) grip = FileGrip::lost;
}

void Job::take_reading(const RowMarks& spool) {
  marks = header.secret == spool.name() ? &spool : nullptr;
  auto stored = records::format_from_ledger(header.format);
  auto known = stored ? OrderReading::known(*stored, header.service, header.names, lang())
                      : Result<OrderReading>(std::unexpected(stored.error()));
  if (!known) {
    unreadable = known.error().words;
    return;
  }
  format = *std::move(stored);
  reading = *std::move(known);
}

void Job::take_plan(std::optional<std::vector<ports::Batch>> planned) {
  loaded = planned ? std::nullopt : std::optional(BatchId{});
  if (!planned) return;
  for (auto& batch : *planned) fresh.push_back({.batch = std::move(batch), .due = {}, .hold = {}});
}

std::uint64_t Job::unsettled() const {
  return header.rows - header.counts.total();
}

ports::Task<Result<ReadAgain>> read_again(Job& job, ports::Batch batch) {
  // Checked against the survey's identity before and after the read: what was surveyed is what is sent.
  auto raw = co_await job.file->read_rows(batch.rows, job.header.file);
  if (!raw) co_return std::unexpected(raw.error());
  std::string_view rest = *raw;
  ReadAgain again;
  again.orders.reserve(batch.rows.size());
  records::AgainReader reader(job.format);
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    const bool marked = job.marks != nullptr && i < batch.marks.size();
    const auto record =
        reader.read(rest.substr(0, batch.rows[i].length),
                    marked ? records::AgainReader::Bytes::compared_later : records::AgainReader::Bytes::unproven);
    rest.remove_prefix(std::min<std::size_t>(batch.rows[i].length, rest.size()));
    // Judged for the moment of the survey: a rule that depends on the day must say the same again.
    const auto as_surveyed = [&] { return job.reading->judge(**record, {.now = *job.header.started_at}); };
    auto judged = record ? as_surveyed() : std::unexpected(orders::Faults{record.error().message});
    if (!judged) {
      co_return fail(ErrorKind::changed,
                     text::words::row_reads_otherwise(
                         batch.rows[i].row, job.id(),
                         text::both(say_all(text::Lang::en, judged.error()), say_all(text::Lang::zh, judged.error()))));
    }
    // The file's times may lie, this can't: the mark was taken of what was checked, and is in the ledger.
    if (marked && job.marks->of(judged->order.element()) != batch.marks[i]) {
      co_return fail(ErrorKind::changed,
                     text::both({text::Word::hold_row_changed, {std::to_string(batch.rows[i].row)}}));
    }
    again.orders.push_back(std::move(judged->order));
  }
  if (!again.orders.empty()) again.body = orders::body(again.orders);
  co_return again;
}

bool takes_the_file(ports::Hold why) {
  return why == ports::Hold::file_changed || why == ports::Hold::secret_lost;
}

bool is_lost(const Error& error) {
  return error.kind == ErrorKind::changed || error.kind == ErrorKind::missing;
}

std::vector<std::uint64_t> keys_of(const std::vector<orders::Order>& orders) {
  std::vector<std::uint64_t> keys;
  keys.reserve(orders.size());
  for (const auto& order : orders) keys.push_back(order.key_hash());
  return keys;
}

int exit_code(const ports::Counts& counts) {
  for (const auto outcome :
       {Outcome::refused, Outcome::invalid, Outcome::failed, Outcome::not_sent, Outcome::in_doubt}) {
    if (counts[outcome] > 0) return 1;
  }
  return 0;
}

}  // namespace sluice::pipeline
