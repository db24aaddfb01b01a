#include "invariants.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <optional>

#include "published.hpp"
#include "sluice/ports/file_names.hpp"

namespace sluice::simulation {

using ports::JobState;
using ports::OutputKind;
using records::Outcome;

namespace {

class Judge {
 public:
  Judge(const Scenario& scenario, const LedgerStore& ledger, const JudgedSpool& spool, const Witness& witness)
      : scenario_(scenario), ledger_(ledger), spool_(spool), witness_(witness) {}

  std::vector<std::string> judge() {
    for (const auto& file : scenario_.files) {
      if (file.spool == spool_.number) judge_file(file);
    }
    if (!spool_.disk.names(Folder::state).empty()) {
      complain("left in state/: " + spool_.disk.names(Folder::state).begin()->first);
    }
    return std::move(complaints_);
  }

 private:
  void complain(std::string words) { complaints_.push_back(std::move(words)); }
  void judge_file(const FilePlan& plan);
  void judge_rejected(const FilePlan& plan, const ports::JobHeader& job);
  void judge_done(const FilePlan& plan, const ports::JobHeader& job);
  void judge_row(const RowPlan& plan, std::uint64_t row, Outcome outcome, const ports::JobHeader& job);
  void judge_subset(const ports::JobHeader& job, OutputKind kind, const std::vector<PublishedRow>& all);
  void judge_summary(const ports::JobHeader& job, const std::vector<PublishedRow>& all);
  const std::string* output(const ports::JobHeader& job, OutputKind kind) const;
  bool content_came_twice(const FilePlan& plan) const;
  bool doubted_elsewhere(const RowPlan& plan, const ports::JobHeader& job, std::optional<ports::LookedUp> as) const;

  const Scenario& scenario_;
  const LedgerStore& ledger_;
  const JudgedSpool& spool_;
  const Witness& witness_;
  std::vector<std::string> complaints_;
};

void Judge::judge_file(const FilePlan& plan) {
  const ports::JobHeader* job = nullptr;
  for (const auto& [n, header] : ledger_.jobs()) {
    if (header.name != plan.name) continue;
    // One that was stopped right after it had announced a claim finds out at its next start that it came too late.
    const bool never_came =
        header.state == JobState::claiming && !spool_.disk.find(Folder::state, claimed_name(header.id));
    if (header.state == JobState::dropped || never_came) {
      if (witness_.facts(n, 1)) complain("a job whose claim came to nothing was sent: " + to_string(header.id));
      continue;
    }
    if (job)
      complain(fmt::format("{} was claimed twice: {} and {}", plan.name, to_string(job->id), to_string(header.id)));
    job = &header;
  }
  if (!job) {
    complain("I1: no job for " + plan.name);
  } else if (job->state == JobState::rejected) {
    judge_rejected(plan, *job);
  } else {
    judge_done(plan, *job);
  }
}

bool Judge::content_came_twice(const FilePlan& plan) const {
  return std::ranges::count(scenario_.files, plan.content, &FilePlan::content) > 1;
}

void Judge::judge_rejected(const FilePlan& plan, const ports::JobHeader& job) {
  const auto& disk = spool_.disk;
  const File original = disk.find(Folder::rejected, ports::archived_name(job.name, job.id));
  const File reason = disk.find(Folder::rejected, ports::reason_name(job.name, job.id));
  if (!original || original->data != plan.content) complain("a rejected file is not whole in rejected/: " + plan.name);
  if (!reason || reason->data.empty()) complain("a rejected file has no reason: " + plan.name);
  const bool unread = job.ruling == ports::Ruling::cancelled;  // called off while it was read
  if (!plan.broken && !content_came_twice(plan) && !unread) {
    complain(fmt::format("a sound file was rejected: {}: {}", plan.name, job.reason));
  }
  for (std::uint64_t row = 1; row <= plan.rows.size(); ++row) {
    if (witness_.facts(job.id.n, row)) complain("a row of a rejected file was sent: " + plan.name);
  }
}

const std::string* Judge::output(const ports::JobHeader& job, OutputKind kind) const {
  const File file = spool_.disk.find(Folder::outbox, ports::output_name(job.name, job.id, kind));
  return file ? &file->data : nullptr;
}

void Judge::judge_done(const FilePlan& plan, const ports::JobHeader& job) {
  const std::string id = to_string(job.id);
  if (plan.broken) return complain("a broken file was not rejected: " + plan.name);
  const File original = spool_.disk.find(Folder::archive, ports::archived_name(job.name, job.id));
  // What is changed between the last look at the content and the archive is seen by nobody; the results are right.
  const bool changed = spool_.witness.changed_unseen.contains(job.id.n);
  if (!original || (original->data != plan.content && !changed))
    complain("the archive does not have the original of " + id);
  const std::string* results = output(job, OutputKind::results);
  if (!results) return complain("I6: no results of " + id);
  const auto input = read_rows(plan.content);
  const auto rows = read_published(*results);
  if (!input) return complain("the scenario's own file does not read: " + input.error());
  if (!rows) return complain(fmt::format("I6: the results of {} do not read: {}", id, rows.error()));
  if (rows->size() != plan.rows.size()) {
    return complain(fmt::format("I1: {} rows in, {} results out: {}", plan.rows.size(), rows->size(), id));
  }
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto& row = (*rows)[i];
    const auto& own = (*input)[i];
    if (row.own.values != own.values || row.own.names != own.names || row.line != own.line) {
      complain(fmt::format("I1: the result at row {} of {} is not that row's", i + 1, id));
    }
    judge_row(plan.rows[i], i + 1, row.outcome, job);
  }
  judge_subset(job, OutputKind::failures, *rows);
  judge_subset(job, OutputKind::in_doubt, *rows);
  judge_summary(job, *rows);
}

/// Whether another job left this order in doubt, and what a person said of it (nothing: whatever was said).
bool Judge::doubted_elsewhere(const RowPlan& plan, const ports::JobHeader& job,
                              std::optional<ports::LookedUp> as) const {
  return std::ranges::any_of(ledger_.doubts(), [&](const ports::Doubt& doubt) {
    if (doubt.job == job.id || (as && doubt.looked_up != *as)) return false;
    return witness_.file_of(ledger_.jobs().at(doubt.job.n).name)->rows[doubt.row - 1].wire == plan.wire;
  });
}

void Judge::judge_row(const RowPlan& plan, std::uint64_t row, Outcome outcome, const ports::JobHeader& job) {
  static const RowFacts never_sent;
  const RowFacts* seen = witness_.facts(job.id.n, row);
  const RowFacts& facts = seen ? *seen : never_sent;
  const auto where = [&] { return fmt::format("row {} of {}, {}", row, to_string(job.id), records::name(outcome)); };
  const bool applied = !facts.applied_by.empty();
  const bool can_be_applied =
      outcome == Outcome::accepted || outcome == Outcome::accepted_earlier || outcome == Outcome::in_doubt;

  if (applied && records::belongs_in_failures(outcome)) complain("I4: in a failures file, yet applied: " + where());
  if (applied && !can_be_applied) complain("applied, but neither accepted nor in doubt: " + where());
  if (facts.untold && outcome != Outcome::in_doubt) complain("its status tells nothing, and yet: " + where());
  if (outcome == Outcome::accepted && !applied) complain("accepted, but never applied: " + where());
  if (outcome == Outcome::accepted_earlier && !applied && !witness_.overlapped(job.id.n, row, plan.key)) {
    complain("accepted earlier, but nothing overlaps: " + where());
  }
  const bool resends = scenario_.settings.retry.in_doubt == config::InDoubt::resend || scenario_.turned_to_hold;
  const bool may_double = resends && !scenario_.overlap_guard && facts.maybe_applied;
  if (facts.applied_by.size() > 1 && !may_double) complain("I3: applied twice: " + where());

  const bool called_invalid = outcome == Outcome::invalid;
  if (plan.invalid && !called_invalid) complain("an invalid row passed: " + where());
  if (!plan.invalid && called_invalid) complain("a good row is called invalid: " + where());
  if (plan.duplicate && outcome != Outcome::duplicate) complain("a duplicate passed: " + where());
  if (!plan.duplicate && outcome == Outcome::duplicate && !doubted_elsewhere(plan, job, ports::LookedUp::applied))
    complain("no duplicate: " + where());
  const bool hold_meanwhile = outcome == Outcome::in_doubt && facts.maybe_applied;
  if (facts.turned_away && !hold_meanwhile && job.ruling != ports::Ruling::cancelled)
    complain("it was turned away with a no that says nothing of it, and yet: " + where());
  const bool announced = facts.maybe_applied || !facts.posts.empty();
  if (outcome == Outcome::in_doubt && !announced && !doubted_elsewhere(plan, job, std::nullopt))
    complain("in doubt, yet never sent, and in doubt in no other job: " + where());
  if (outcome == Outcome::not_sent && job.ruling != ports::Ruling::cancelled)
    complain("not sent, though nobody cancelled: " + where());
}

void Judge::judge_subset(const ports::JobHeader& job, OutputKind kind, const std::vector<PublishedRow>& all) {
  const auto belongs = [kind](const PublishedRow& row) {
    return kind == OutputKind::failures ? records::belongs_in_failures(row.outcome) : row.outcome == Outcome::in_doubt;
  };
  std::vector<std::uint64_t> wanted;
  for (const auto& row : all) {
    if (belongs(row)) wanted.push_back(row.line);
  }
  const std::string where =
      fmt::format("{} of {}", kind == OutputKind::failures ? "failures" : "in-doubt", to_string(job.id));
  const std::string* bytes = output(job, kind);
  if (!bytes || wanted.empty()) {
    if ((bytes != nullptr) != !wanted.empty()) complain(fmt::format("I6: {}: {} rows", where, wanted.size()));
    return;
  }
  const auto rows = read_published(*bytes);
  if (!rows) return complain(fmt::format("I6: {} do not read: {}", where, rows.error()));
  std::vector<std::uint64_t> got;
  for (const auto& row : *rows) got.push_back(row.line);
  if (got != wanted) complain(fmt::format("I6: {}: {} rows, {} wanted", where, got.size(), wanted.size()));
}

void Judge::judge_summary(const ports::JobHeader& job, const std::vector<PublishedRow>& all) {
  namespace json = boost::json;
  const std::string* bytes = output(job, OutputKind::summary);
  json::error_code error;
  const json::value summary = bytes ? json::parse(*bytes, error) : json::value{};
  if (!summary.is_object() || !summary.get_object().contains("counts")) {
    return complain("I6: no whole summary of " + to_string(job.id));
  }
  const auto& counts = summary.get_object().at("counts").as_object();
  std::uint64_t sum = 0;
  for (std::uint8_t i = 1; i < records::kOutcomes; ++i) {
    const Outcome outcome{i};
    const auto name = records::name(outcome);
    const auto* count = counts.if_contains(json::string_view(name.data(), name.size()));
    const auto said = count ? count->to_number<std::uint64_t>() : 0;
    const auto published = std::ranges::count(all, outcome, &PublishedRow::outcome);
    if (said != static_cast<std::uint64_t>(published)) {
      complain(
          fmt::format("the summary of {} says {} {}, the results have {}", to_string(job.id), said, name, published));
    }
    sum += said;
  }
  if (sum != all.size()) complain("the counts do not add up: " + to_string(job.id));
}

}  // namespace

std::vector<std::string> judge_outcome(const Scenario& scenario, const Machine& machine, const Witness& witness) {
  return judge_spool(scenario, machine.ledger, {.disk = machine.disk, .witness = machine.spool_witness}, witness);
}

std::vector<std::string> judge_spool(const Scenario& scenario, const LedgerStore& ledger, const JudgedSpool& spool,
                                     const Witness& witness) {
  return Judge(scenario, ledger, spool, witness).judge();
}

}  // namespace sluice::simulation
