// What went wrong in a job, by message.
#include <boost/json.hpp>

#include <algorithm>

#include "history_pages.hpp"
#include "parsed.hpp"
#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/pipeline/fault_tally.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/text/words/operating.hpp"
#include "sluice/text/words/web.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

namespace json = boost::json;
namespace words = text::words;

constexpr std::size_t kPage = 1000;
constexpr std::size_t kLongestSummary = 1 << 20;

std::string advice_of(std::string_view outcome) {
  if (outcome == records::name(records::Outcome::refused)) return words::advice_refused();
  if (outcome == records::name(records::Outcome::invalid)) return words::advice_invalid();
  if (outcome == records::name(records::Outcome::duplicate)) return words::advice_duplicate();
  if (outcome == records::name(records::Outcome::in_doubt)) return words::advice_in_doubt();
  return words::advice_again();
}

json::object fault_object(std::string_view outcome, std::string_view message, json::value count, json::value lines,
                          json::value rows) {
  const auto advice = advice_of(outcome);
  return {{"outcome", outcome},
          {"message", message},
          {"advice", text::in(text::Lang::en, advice)},
          {"advice_zh", text::in(text::Lang::zh, advice)},
          {"count", std::move(count)},
          {"first_lines", std::move(lines)},
          {"first_rows", std::move(rows)}};
}

Reply reply_of(json::array faults, std::uint64_t unlisted) {
  const auto total = faults.size() + (unlisted > 0 ? 1 : 0);
  return {.body = json::serialize(
              json::object{{"faults", std::move(faults)}, {"faults_total", total}, {"unlisted_rows", unlisted}})};
}

Reply reply_of(const pipeline::FaultTally& tally) {
  json::array faults;
  for (const auto& fault : tally.most()) {
    faults.push_back(fault_object(records::name(fault.outcome), fault.message, fault.count,
                                  json::value_from(fault.lines), json::value_from(fault.rows)));
  }
  return reply_of(std::move(faults), tally.unlisted_rows());
}

/// As its summary has them, where that lies as it was published. Nothing: it does not, or an older version wrote it.
ports::Task<Answered> of_summary(Desk& desk, const ports::JobHeader& job) {
  const auto name = ports::output_name(job.name, job.id, ports::OutputKind::summary);
  const auto file = adapters::spool::open_own_file(desk.settings.spool + "/outbox/" + name);
  if (!file) co_return std::nullopt;
  const auto bytes = co_await (*file)->read_at(0, kLongestSummary);
  const auto summary = bytes ? parsed(*bytes) : std::unexpected(bytes.error());
  const auto* list = summary ? array_of(*summary, "faults") : nullptr;
  if (list == nullptr) co_return std::nullopt;
  json::array faults;
  std::uint64_t listed = 0;
  for (const auto& one : *list) {
    const auto* fault = one.if_object();
    if (fault == nullptr || !fault->contains("count") || !fault->contains("lines") || !fault->contains("rows"))
      continue;
    const auto* count = fault->at("count").if_int64();
    listed += count == nullptr ? 0 : static_cast<std::uint64_t>(*count);
    faults.push_back(fault_object(word_of(*fault, "result"), word_of(*fault, "message"), fault->at("count"),
                                  fault->at("lines"), fault->at("rows")));
  }
  using records::Outcome;
  const auto fine = job.counts[Outcome::accepted] + job.counts[Outcome::accepted_earlier];
  const auto wrong = job.rows - std::min(job.rows, fine);
  co_return reply_of(std::move(faults), wrong - std::min(wrong, listed));
}

}  // namespace

ports::Task<Answered> faults(Call call) {
  auto& ledger = call.desk.ledger;
  const auto job = co_await ledger.job(call.job);
  if (!job) co_return problem(job.error());
  if (!*job) co_return problem(404, words::no_job(call.job));
  if (auto told = co_await of_summary(call.desk, **job)) co_return told;
  pipeline::FaultTally tally;
  for (std::uint64_t after = 0;;) {
    const auto rows = co_await ledger.rows(call.job, after, kPage);
    if (!rows) co_return problem(rows.error());
    for (const auto& row : *rows) tally.add(row, 0);
    if (rows->size() < kPage) break;
    after = rows->back().row;
  }
  if (!tally.empty() || (*job)->state != ports::JobState::done) co_return reply_of(tally);
  // Its answers are forgotten at its end, but for what is remembered of its orders.
  const auto done = co_await each_remembered(ledger, {.id = {}, .job = call.job},
                                             [&](const ports::RememberedOrder& one) { tally.add(one.result, 0); });
  co_return done ? reply_of(tally) : problem(done.error());
}

}  // namespace sluice::control::web
