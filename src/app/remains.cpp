#include "remains.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <filesystem>

#include "finish_task.hpp"
#include "language.hpp"
#include "machine.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

namespace {

using adapters::ledger::Salvage;

/// The file before its log: left without it, it could pass for sound.
void set_aside(const std::string& path, WallTime now) {
  std::error_code ignored;
  const auto stamp = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(path + suffix, fmt::format("{}.damaged-{}{}", path, stamp, suffix), ignored);
  }
}

/// Whether the ledger is sound and has nothing to recover. A damaged one is set aside.
Result<bool> is_whole(const std::string& path, text::Lang language, WallTime now) {
  if (!std::filesystem::exists(path)) {
    set_aside(path, now);  // its log alone would pass for damage to the new one
    return false;
  }
  boost::asio::io_context io{1};  // outlives the ledger, whose thread gives back its last work late (finish_task.hpp)
  auto ledger = adapters::ledger::SqliteLedger::open(path);
  if (!ledger) {
    if (ledger.error().kind != ErrorKind::corrupt) return std::unexpected(ledger.error());
    tell(stdout, language, ledger.error().words);
    set_aside(path, now);
    return false;
  }
  const auto used = finish(io, (*ledger)->numbers());
  if (!used) return std::unexpected(used.error());
  const auto unfinished = finish(io, (*ledger)->note(ports::Note::recovering));
  if (!unfinished) return std::unexpected(unfinished.error());
  return used->job > 0 && unfinished->empty();
}

/// The ledger that was set aside last, by this `recover` or by one that was cut off: what an old one says is old, but
/// true. Empty: none.
std::string set_aside_last(const std::string& path) {
  const auto beginning = std::filesystem::path(path).filename().string() + ".damaged-";
  std::string last;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path(), error)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(beginning) || name.find_first_not_of("0123456789", beginning.size()) != name.npos) continue;
    last = std::max(last, entry.path().string());
  }
  return last;
}

}  // namespace

Result<Found> find_remains(const config::Settings& settings, text::Lang language, WallTime now) {
  auto lock = adapters::spool::Lock::take(settings.spool);
  if (!lock) return std::unexpected(lock.error());
  const auto path = ledger_path(settings);
  const auto whole = is_whole(path, language, now);
  if (!whole) return std::unexpected(whole.error());
  Found found;
  found.sound = *whole;
  const auto damaged = *whole ? "" : set_aside_last(path);
  if (damaged.empty()) return found;
  auto salvage = Salvage::open(damaged);
  if (salvage) {
    for (auto& job : (*salvage)->jobs()) found.headers.emplace(job.id, job);
    found.salvage = std::move(*salvage);
  } else if (salvage.error().kind != ErrorKind::corrupt) {
    return std::unexpected(salvage.error());
  }
  return found;
}

}  // namespace sluice::app
