#include "spool/inbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <unordered_set>

#include "posix/error.hpp"
#include "posix/locks.hpp"
#include "sluice/base/check.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/spool.hpp"
#include "spool/barred.hpp"

namespace sluice::adapters::spool {

namespace {

using ports::InboxEntry;
using Names = std::vector<std::string>;

/// Of those that wait for somebody to change something, so many are told why; the others are counted.
constexpr std::size_t kMostWaiting = 1000;
constexpr std::size_t kMostLeftAlone = 1000;

/// One pass over the inbox.
class Pass {
 public:
  Pass(const posix::Fd& inbox, const Folders& folders, const config::Settings::Inbox& settings, Arrivals& arrivals)
      : inbox_(inbox),
        folders_(folders),
        settings_(settings),
        arrivals_(arrivals),
        share_(posix::network_filesystem_of(inbox.get()).has_value()),
        looker_(looker()) {
    ::fstat(inbox.get(), &about_inbox_);
    if (::faccessat(inbox.get(), ".", W_OK | X_OK, AT_EACCESS) != 0)
      closed_ = posix::system_error(errno, text::words::do_take_out(), folders.shown(Folder::inbox)).words;
  }

  Result<Scan> judge(Names names) {
    take_markers(names);
    for (auto& name : names) look_at(std::move(name));
    // Oldest first, by name among equals: the order of a folder's entries is not one (readdir(3)).
    auto& entries = scan_.inbox.entries;
    std::ranges::sort(entries, [](const auto& a, const auto& b) {
      return std::tie(a.identity.mtime_ns, a.name) < std::tie(b.identity.mtime_ns, b.name);
    });
    for (auto& entry : entries) {
      if (!entry.waits_for.empty()) continue;
      if (const auto judged = judge_one(entry); !judged) return std::unexpected(judged.error());
    }
    std::erase_if(entries, [](const auto& entry) { return !entry.ready && entry.waits_for.empty(); });
    return std::move(scan_);
  }

 private:
  /// The markers out of the names: all are needed before the first file is judged.
  void take_markers(Names& names) {
    const auto& suffix = settings_.ready_suffix;
    if (suffix.empty()) return;
    const auto markers = std::ranges::partition(names, [&](const auto& name) { return !name.ends_with(suffix); });
    markers_.insert(std::move_iterator(markers.begin()), std::move_iterator(markers.end()));
    names.erase(markers.begin(), markers.end());
  }

  /// There may be hundreds of thousands of names: what is not worth an entry costs none.
  void look_at(std::string name) {
    if (ports::left_alone(name)) {
      if (scan_.left_alone.size() < kMostLeftAlone) scan_.left_alone.push_back(std::move(name));
      return;
    }
    InboxEntry entry{
        .name = std::move(name), .identity = {}, .owner = 0, .ready = false, .waits_for = {}, .stays = false};
    if (stat_one(entry)) scan_.inbox.entries.push_back(std::move(entry));
  }

  /// What somebody must change before it can be taken; empty: nothing.
  std::string why_it_stays(const InboxEntry& entry, const struct stat& s) const {
    auto why = barred(about_inbox_, s, settings_, looker_);
    if (why.empty()) why = closed_;
    if (why.empty() && !may_read(entry.name, s)) why = unreadable(about_inbox_, s);
    return why;
  }

  /// False: it is gone, or one of a crowd.
  bool stat_one(InboxEntry& entry) {
    struct stat s{};
    if (::fstatat(inbox_.get(), entry.name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) {
      // Gone between the listing and now: whoever took it back has not lost anything by us.
      if (errno == ENOENT) return false;
      entry.waits_for = posix::system_error(errno, text::words::do_look_at(), shown(entry)).words;
      return true;
    }
    entry.identity = folders_.identity(s);
    entry.owner = s.st_uid;
    const auto& suffix = settings_.ready_suffix;
    if (!suffix.empty() && !markers_.contains(entry.name + suffix))
      entry.waits_for = text::words::ready_marker(text::shown(entry.name + suffix));
    auto why = why_it_stays(entry, s);
    entry.stays = !why.empty();
    if (entry.stays) entry.waits_for = std::move(why);
    if (!entry.waits_for.empty() && ++waiting_ > kMostWaiting) {
      ++scan_.inbox.also_wait;
      return false;
    }
    if (S_ISREG(s.st_mode)) arrivals_.look(entry.name, entry.identity);
    return true;
  }

  /// Asked before the file has rested: what its owner must change is said at once.
  bool may_read(const std::string& name, const struct stat& s) const {
    if (s.st_uid == looker_.user || looker_.overrides_rights) return true;
    return ::faccessat(inbox_.get(), name.c_str(), R_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW) == 0 || errno != EACCES;
  }

  /// Ready, or waits with words, or neither: it is gone.
  Result<void> judge_one(InboxEntry& entry) {
    const auto rest = arrivals_.until_rested(entry.name, settings_.settle);
    if (!share_ && rest > Nanos{0}) {
      wait(entry, rest, rested_words(entry));
      return {};
    }
    auto opened = open_regular(folders_, Folder::inbox, inbox_, entry.name);
    if (!opened) return unopened(entry, opened.error());
    // Between the look at the name and the opening it was written to or replaced; the wait begins again.
    if (opened->identity != entry.identity) {
      entry.identity = opened->identity;
      arrivals_.look(entry.name, entry.identity);
      wait(entry, settings_.settle, text::words::changed_just_now());
      return {};
    }
    // Asks the kernel whether anybody has it open for writing (fcntl(2), F_SETLEASE); given back with the descriptor,
    // and taken again for the claim.
    const auto lease = share_ ? posix::Lease::unavailable : posix::take_lease(opened->fd);
    if (lease == posix::Lease::refused) {
      entry.waits_for = text::words::still_written();
      return {};
    }
    const auto agreed = lease == posix::Lease::held ? Nanos{0} : arrivals_.until_agreed(entry.name, settings_.settle);
    entry.ready = agreed == Nanos{0};
    if (!entry.ready) wait(entry, agreed, agreed_words());
    return {};
  }

  Result<void> unopened(InboxEntry& entry, const Error& error) const {
    // A lack of ours, not of the file: blaming each file in turn would hide it.
    if (error.kind == ErrorKind::no_handles) return std::unexpected(error);
    if (error.kind == ErrorKind::missing) return {};
    entry.waits_for = error.words;
    return {};
  }

  void wait(InboxEntry& entry, Nanos time, std::string words) {
    entry.waits_for = std::move(words);
    scan_.next_look = std::min(scan_.next_look.value_or(time), time);
  }

  std::string rested_words(const InboxEntry& entry) const {
    if (entry.identity.size == 0) return text::words::still_empty();
    return text::words::must_rest(text::duration_words(settings_.settle));
  }

  std::string agreed_words() const {
    return text::words::writer_unseen(share_ ? text::words::network_share() : text::words::anothers_file());
  }

  std::string shown(const InboxEntry& entry) const { return folders_.shown(Folder::inbox, entry.name); }

  const posix::Fd& inbox_;
  const Folders& folders_;
  const config::Settings::Inbox& settings_;
  Arrivals& arrivals_;
  bool share_;
  Looker looker_;
  struct stat about_inbox_{};
  std::string closed_;  ///< why no file can be taken out of the inbox; empty: each can
  std::unordered_set<std::string> markers_;
  std::size_t waiting_ = 0;
  Scan scan_;
};

using std::chrono_literals::operator""s;

constexpr Nanos kEmptyRests = 60s;
constexpr Nanos kLooksApart = 10s;

/// Time since the last change, by wall clock; a ctime in the future (a clock set back) counts as now.
Nanos age(const ports::FileIdentity& identity, WallTime wall) {
  const Nanos since = wall.time_since_epoch() - Nanos{identity.ctime_ns};
  return std::max(since, Nanos{0});
}

}  // namespace

Result<Scan> scan_inbox(const Folders& folders, const config::Settings::Inbox& settings, Hints& hints,
                        Arrivals& arrivals, Arrivals::Instant instant) {
  const auto inbox = folders.open(Folder::inbox);
  if (!inbox) return std::unexpected(inbox.error());
  hints.watch(**inbox);  // before listing, so that nothing falls in between
  arrivals.begin(instant, hints.take());
  auto names = list(folders, Folder::inbox);
  if (!names) return std::unexpected(names.error());
  auto scan = Pass(**inbox, folders, settings, arrivals).judge(*std::move(names));
  arrivals.end();
  return scan;
}

void Arrivals::begin(Instant instant, HintsByName hints) {
  instant_ = instant;
  hints_ = std::move(hints);
  std::swap(before_, now_);
  now_.clear();
}

void Arrivals::end() {
  before_.clear();
  hints_.clear();
}

void Arrivals::look(const std::string& name, const ports::FileIdentity& identity) {
  const auto hint = hints_.find(name);
  // Moved over: of a crowd, what was and what is need not stand in memory beside each other.
  auto known = before_.extract(name);
  const bool unchanged = !known.empty() && known.mapped().identity == identity;
  auto& waiting = unchanged ? now_.insert(std::move(known)).position->second : now_[name];
  if (!unchanged) {
    // Rested since its ctime, which was perhaps long before this process began: a restart must not make old files wait
    // again.
    waiting = {identity, instant_.now, instant_.now - age(identity, instant_.wall)};
  }
  // The last thing heard counts: written to after the rename, it must rest like any other.
  if (hint != hints_.end()) waiting.renamed_in = hint->second == Hint::renamed_in;
}

Nanos Arrivals::until_rested(const std::string& name, Nanos settle) const {
  const auto at = now_.find(name);
  SLUICE_CHECK(at != now_.end(), "a file is judged that was not looked at");
  const auto& waiting = at->second;
  const bool empty = waiting.identity.size == 0;
  // Whoever renames a file in has written it elsewhere: it is whole. An empty one may be a place-holder.
  if (waiting.renamed_in && !empty) return Nanos{0};
  const Nanos needed = empty ? std::max(kEmptyRests, settle) : settle;
  return std::max(needed - (instant_.now - waiting.at_rest_since), Nanos{0});
}

Nanos Arrivals::until_agreed(const std::string& name, Nanos settle) const {
  const auto at = now_.find(name);
  SLUICE_CHECK(at != now_.end(), "a file is judged that was not looked at");
  const bool empty = at->second.identity.size == 0;
  const Nanos apart = empty ? std::max(kEmptyRests, settle) : std::max(kLooksApart, settle);
  return std::max(apart - (instant_.now - at->second.first_look), Nanos{0});
}

}  // namespace sluice::adapters::spool
