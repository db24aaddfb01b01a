// `ledger move`: what one ledger keeps goes into the other kind, and from then on that one is the account's. At every
// moment at most one of them can be begun with: the one that is left is closed before anything is stored in the other,
// and says where it went. Each move has an id, by which a later call tells whether it arrived.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "account_settings.hpp"
#include "command_line.hpp"
#include "language.hpp"
#include "machine.hpp"
#include "sluice/adapters/ledger/move.hpp"
#include "sluice/adapters/postgresql/move.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/adapters/spool/look_at_secret.hpp"
#include "sluice/adapters/spool/replace_secret.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/ports/movable_ledger.hpp"
#include "sluice/text/words/moving.hpp"
#include "spool_owner.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;
using ports::Departure;
using ports::MovableLedger;

constexpr std::size_t kPage = 200;  // of history some 4 MB

/// Both ends of a move.
struct Move {
  const config::Settings& settings;
  MovableLedger& from;
  MovableLedger& to;
  bool to_postgresql = false;
};

std::string new_id() {
  return fmt::format("{} {}", rfc3339(std::chrono::floor<Millis>(std::chrono::system_clock::now())), ::getpid());
}

/// All that goes over, a page at a time. How many records there were.
Result<std::uint64_t> copy(MovableLedger& from, MovableLedger& to) {
  std::uint64_t records = 0;
  for (const auto table : ports::kMovedTables) {
    ports::TableRow last;
    for (;;) {
      auto rows = from.read(table, last, kPage);
      if (!rows) return std::unexpected(rows.error());
      if (rows->empty()) break;
      if (auto added = to.add(table, *rows); !added) return std::unexpected(added.error());
      records += rows->size();
      last = std::move(rows->back());
    }
  }
  return records;
}

/// Under which orders are marked: a spool's own, or the account's, which then becomes the spool's. Without it what was
/// placed before would not be known again.
Result<std::string> bring_secret(const Move& move) {
  if (move.to_postgresql) return adapters::spool::look_at_secret(move.settings.spool);
  auto secret = move.from.secret();
  if (!secret || secret->empty()) return secret;
  if (auto replaced = adapters::spool::replace_secret(move.settings.spool, *secret); !replaced)
    return std::unexpected(replaced.error());
  // An old pace knows nothing of what the hosts have sent: a new one waits one window first.
  std::error_code ignored;
  std::filesystem::remove(move.settings.spool + "/state/gate", ignored);
  return secret;
}

Result<std::string> carry(const Move& move, Departure departure) {
  if (auto begun = move.to.begin(); !begun) return std::unexpected(begun.error());
  const auto records = copy(move.from, move.to);
  if (!records) return std::unexpected(records.error());
  const auto secret = bring_secret(move);
  if (!secret) return std::unexpected(secret.error());
  SLUICE_FAILPOINT("move.before_arrival");
  if (auto stored = move.to.finish(departure.move, *secret); !stored) return std::unexpected(stored.error());
  SLUICE_FAILPOINT("move.after_arrival");
  departure.arrived = true;
  if (auto noted = move.from.note(departure); !noted) return std::unexpected(noted.error());
  return words::move_done(move.from.where(), move.to.where(), *records);
}

/// A new move. A file that was made for it is closed at once: until all has come it is nobody's ledger.
Result<std::string> begin(const Move& move, bool target_was_left) {
  const auto nothing = move.from.empty();
  if (!nothing) return std::unexpected(nothing.error());
  if (*nothing) return fail(ErrorKind::config, words::move_nothing(move.from.where()));
  const auto room = target_was_left ? Result<bool>(true) : move.to.empty();
  if (!room) return std::unexpected(room.error());
  if (!*room) return fail(ErrorKind::config, words::move_target_used(move.to.where()));
  const Departure departure{.move = new_id(), .where = move.to.where()};
  if (!move.to_postgresql && !target_was_left) {
    if (auto closed = move.to.note(Departure{.move = departure.move, .where = move.from.where(), .arrived = true});
        !closed)
      return std::unexpected(closed.error());
  }
  if (auto left = move.from.depart(departure); !left) return std::unexpected(left.error());
  SLUICE_FAILPOINT("move.after_departure");
  return carry(move, departure);
}

/// What an earlier call has begun is finished, or, where this one asks for the other direction, taken back.
Result<std::string> go_on(const Move& move) {
  auto left = move.from.departure();
  if (!left) return std::unexpected(left.error());
  const auto target_left = move.to.departure();
  if (!target_left) return std::unexpected(target_left.error());
  if (*left) {
    const auto arrival = move.to.arrival();
    if (!arrival) return std::unexpected(arrival.error());
    const bool there = *arrival == (*left)->move && !*target_left;
    if (!there && (*left)->arrived)
      return fail(ErrorKind::config, words::move_left_for_other(move.from.where(), (*left)->where));
    if (!there) return carry(move, **left);
    (*left)->arrived = true;
    if (auto noted = move.from.note(*left); !noted) return std::unexpected(noted.error());
    return words::move_done_before(move.from.where(), move.to.where());
  }
  if (*target_left && !(*target_left)->arrived) {
    const auto arrival = move.from.arrival();
    if (!arrival) return std::unexpected(arrival.error());
    if (*arrival != (*target_left)->move) {
      if (auto stays = move.to.note(std::nullopt); !stays) return std::unexpected(stays.error());
      return words::move_taken_back(move.to.where());
    }
  }
  return begin(move, target_left->has_value());
}

Result<std::string> move_between(const CommandLine& command, const config::Settings& settings) {
  if (settings.ledger.postgresql.empty()) return fail(ErrorKind::config, words::move_needs_database());
  if (auto became = become_owner(settings.spool); !became) return std::unexpected(became.error());
  const auto lock = adapters::spool::Lock::take(settings.spool);
  if (!lock) return std::unexpected(lock.error());
  const auto database = account_database(settings);
  if (!database) return std::unexpected(database.error());
  const auto schema = adapters::postgresql::open_to_move(*database);
  if (!schema) return std::unexpected(schema.error());
  const auto file = adapters::ledger::open_to_move(ledger_path(settings));
  if (!file) return std::unexpected(file.error());
  const bool there = command.move_to == MoveTo::postgresql;
  return go_on({.settings = settings,
                .from = there ? **file : **schema,
                .to = there ? **schema : **file,
                .to_postgresql = there});
}

}  // namespace

int move_ledger(const CommandLine& command, const config::Settings& settings) {
  const auto moved = move_between(command, settings);
  if (!moved) {
    tell(stderr, command.language, moved.error().words);
    return exit_code_of(moved.error());
  }
  tell(stdout, command.language, *moved);
  tell(stdout, command.language,
       command.move_to == MoveTo::postgresql ? words::move_then_postgresql() : words::move_then_sqlite());
  return 0;
}

}  // namespace sluice::app
