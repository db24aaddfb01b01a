#include "postgresql/store.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "postgresql/transaction.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

using Clock = std::chrono::steady_clock;

/// How long it is asked what became of a commit whose answer was lost, before the process leaves.
constexpr std::chrono::seconds kAskFor{120};
constexpr std::chrono::milliseconds kAskAgain{250};
constexpr int kTries = 3;

bool forgets(const Changes& changes) {
  return std::ranges::any_of(changes, [](const ports::Change& change) {
    return std::holds_alternative<ports::ForgetRows>(change) || std::holds_alternative<ports::ForgetSurvey>(change) ||
           std::holds_alternative<ports::ForgetHistory>(change);
  });
}

}  // namespace

Store::Store(Server server, Connection connection, std::optional<Membership> host, std::string looks_as)
    : server_(std::move(server)),
      connection_(std::move(connection)),
      host_(std::move(host)),
      name_(host_ ? host_->name : std::move(looks_as)),
      sweeping_(host_.has_value()) {}

// For good: nothing may be sent on the word of a damaged ledger, nor by a host that was taken over.
Error Store::kept(Error error) {
  if (error.kind == ErrorKind::corrupt || error.kind == ErrorKind::fenced) broken_ = error;
  return error;
}

Error Store::damage(const std::string& what) {
  return kept({ErrorKind::corrupt, text::words::postgresql_impossible(connection_->where(), what)});
}

std::vector<Result<void>> Store::commit(std::span<const Changes* const> commits) {
  const Result<void> together = transact(commits);
  // One that another host stands in the way of must not take the others along; where the server is away none fares
  // better by itself.
  if (together || commits.size() == 1 || broken_ || !connection_->alive()) return std::vector(commits.size(), together);
  std::vector<Result<void>> results;
  for (const Changes* const& changes : commits) results.push_back(transact(std::span(&changes, 1)));
  return results;
}

Result<void> Store::transact(std::span<const Changes* const> commits) {
  if (!host_) return fail(ErrorKind::permission, text::words::postgresql_only_looked_at());
  Result<void> done;
  // What is known not to have happened, and may well happen now: two hosts waited for each other and the server ended
  // one transaction, or it was restarted.
  for (int i = 0; i < kTries; ++i) {
    done = attempt(commits);
    const bool again = !done && !broken_ && connection_->alive() &&
                       (done.error().kind == ErrorKind::busy || done.error().kind == ErrorKind::io);
    if (!again) break;
  }
  if (!done) return done;
  // A commit went through, so the server works again: what could not be swept is tried once more.
  sweep_waits_ = false;
  sweeping_ = sweeping_ || std::ranges::any_of(commits, [](const Changes* changes) { return forgets(*changes); });
  return done;
}

Result<void> Store::attempt(std::span<const Changes* const> commits) {
  if (auto ready = connected(); !ready) return ready;
  // A number each try: those before it are told apart from it whatever comes late.
  const auto number = ++last_number_;
  Transaction transaction(*connection_, *host_, number, std::min(doubts_seen_, pause_seen_));
  for (const Changes* changes : commits) transaction.add(*changes);
  auto done = transaction.commit();
  if (!done && !connection_->alive()) return settle_unknown(number);
  if (!done) {
    static_cast<void>(connection_->leave());
    return std::unexpected(kept(done.error()));
  }
  // What this host changed itself it has read, unless somebody else came between.
  const auto before = transaction.last_revision() - transaction.revisions();
  for (auto* seen : {&doubts_seen_, &pause_seen_}) {
    if (transaction.revisions() > 0 && *seen == before) *seen = transaction.last_revision();
  }
  return done;
}

// The connection broke while the answer to COMMIT was on its way, or before it was sent. Until it is known which, no
// commit follows: told that nothing was applied, the pipeline would store the same counts again.
Result<void> Store::settle_unknown(std::uint64_t number) {
  const auto until = Clock::now() + kAskFor;
  for (;;) {
    const auto happened = ask_outcome(number);
    if (happened && *happened) return {};
    // It can't happen later either: the barrier stands above its number.
    if (happened) return std::unexpected(Error{ErrorKind::io, text::words::postgresql_not_stored()});
    if (broken_) return std::unexpected(*broken_);
    if (*giving_up_ || Clock::now() >= until) break;
    std::this_thread::sleep_for(kAskAgain);
  }
  return std::unexpected(kept({ErrorKind::fenced, text::words::postgresql_outcome_unknown()}));
}

// Waits for the old session's transaction, if it is still under way, for the row is locked by it.
Result<bool> Store::ask_outcome(std::uint64_t number) {
  if (auto ready = connected(); !ready) return std::unexpected(ready.error());
  const auto asked =
      connection_->run("UPDATE hosts SET barrier = $3 WHERE name = $1 AND epoch = $2 RETURNING last_commit",
                       Arguments().put_text(host_->name).put(host_->epoch).put(number));
  if (!asked) return std::unexpected(kept(asked.error()));
  if (asked->empty()) return std::unexpected(kept({ErrorKind::fenced, text::words::postgresql_fenced()}));
  return static_cast<std::uint64_t>(asked->number(0, 0)) >= number;
}

Result<void> Store::connected() {
  if (broken_) return std::unexpected(*broken_);
  // A server that went away while nothing was asked has told so, or is about to.
  static_cast<void>(connection_->notified());
  if (connection_->alive()) return {};
  auto opened = Connection::open(server_);
  if (!opened) return std::unexpected(opened.error());
  connection_ = std::move(*opened);
  return {};
}

Result<Rows> Store::run(std::string_view sql, const Arguments& arguments) {
  if (auto ready = connected(); !ready) return std::unexpected(ready.error());
  auto rows = connection_->run(sql, arguments);
  if (!rows) return std::unexpected(kept(rows.error()));
  return rows;
}

void Store::sweep() {
  const auto more = sweep_some();
  sweep_waits_ = !more;
  sweeping_ = more.value_or(true);
}

}  // namespace sluice::adapters::postgresql
