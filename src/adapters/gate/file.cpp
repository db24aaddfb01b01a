#include "sluice/adapters/gate/file.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sched.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "gate/boot_id.hpp"
#include "posix/accounts.hpp"
#include "posix/error.hpp"
#include "posix/fd.hpp"
#include "posix/locks.hpp"
#include "sluice/pacing/another_rate.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::gate {

namespace {

namespace words = text::words;

using pacing::GateState;

constexpr posix::Range kState{0, pacing::kGateBytes};
constexpr Nanos kLookEvery = std::chrono::milliseconds(100);
constexpr int kSpins = 20;  ///< of some microseconds: the lock is held for about as long
constexpr Nanos kLockedForGood = std::chrono::seconds(2);
constexpr int kPatienceMilliseconds = 1000;  ///< at opening, where nobody waits for a slot

posix::Range byte_of(std::uint32_t participant) {
  return {static_cast<off_t>(pacing::kGateBytes + participant), 1};
}

std::string in_words(const pacing::Rate& rate) {
  return words::gate_rate(rate.requests, std::chrono::duration_cast<Millis>(rate.per).count());
}

/// The two openings of the gate's file: one for the state and its lock, one whose lock is our sign of life.
struct Files {
  posix::Fd state;
  posix::Fd life;
  dev_t device = 0;
  ino_t inode = 0;
};

Result<posix::Fd> open_or_create(const std::string& path, mode_t mode) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;  // not to hang on a FIFO
  posix::Fd made(::open(path.c_str(), kFlags | O_CREAT | O_EXCL, mode));
  if (made && fchmod(made.get(), mode) != 0) return posix::fail_with(errno, text::words::do_set_gate_mode(), path);
  if (made) return made;
  posix::Fd found(errno == EEXIST ? ::open(path.c_str(), kFlags) : -1);
  if (!found) return posix::fail_with(errno, text::words::do_open_gate(), path);
  return found;
}

/// What is no gate's file is never written to, and who else could write it sets the pace.
Result<void> refuse_anothers(const struct stat& file, const std::string& path) {
  if (!S_ISREG(file.st_mode)) return fail(ErrorKind::io, words::gate_no_file(path));
  if (file.st_uid != ::geteuid() && file.st_uid != 0)
    return fail(ErrorKind::config, words::gate_of_another(path, posix::user_name(file.st_uid)));
  if ((file.st_mode & S_IWOTH) != 0) return fail(ErrorKind::config, words::gate_open_to_all(path));
  return {};
}

Error no_gate(const std::string& path) {
  return {ErrorKind::config, words::gate_is_none(path)};
}

Result<Files> open_files(const std::string& path, mode_t mode) {
  Result<posix::Fd> state = open_or_create(path, mode);
  if (!state) return std::unexpected(std::move(state.error()));
  // Two openings: an open-file-description lock belongs to its opening, and releasing the state must not release the
  // sign of life (fcntl(2)).
  Result<posix::Fd> life = open_or_create(path, mode);
  if (!life) return std::unexpected(std::move(life.error()));
  struct stat one{}, other{};
  if (fstat(state->get(), &one) != 0 || fstat(life->get(), &other) != 0)
    return posix::fail_with(errno, text::words::do_look_at_gate(), path);
  if (Result<void> ours = refuse_anothers(one, path); !ours) return std::unexpected(std::move(ours.error()));
  // Somebody renamed another over it between the two: half of us would keep another file's pace.
  if (one.st_ino != other.st_ino || one.st_dev != other.st_dev)
    return fail(ErrorKind::busy, words::gate_replaced(path));
  if (const auto network = posix::network_filesystem_of(state->get()))
    return fail(ErrorKind::io, words::gate_on_share(path, *network));
  return Files{std::move(*state), std::move(*life), one.st_dev, one.st_ino};
}

class GateFile final : public ports::GateStore {
 public:
  GateFile(FileOptions options, const ports::Clock& clock) : options_(std::move(options)), clock_(clock) {}

  /// Opens the file, becomes a participant and brings the state into order.
  Result<void> attach(int patience_milliseconds);
  Result<void> update(const std::function<void(GateState&, std::uint32_t)>& change) override;

 private:
  /// The lock on the state, while it lives.
  class Held {
   public:
    explicit Held(int fd) : fd_(fd) {}
    Held(Held&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    ~Held() {
      if (fd_ >= 0) posix::unlock(fd_, kState);
    }

   private:
    int fd_;
  };

  Result<Held> lock(int patience_milliseconds);
  std::string holder() const;
  Result<void> become_participant();
  Result<void> read();
  Result<GateState> take_over(const GateState& theirs);
  Result<void> write();
  void bury_the_dead(GateState& state);
  bool alive(std::uint32_t participant) const;
  bool path_leads_here() const;

  FileOptions options_;
  const ports::Clock& clock_;
  Files files_;
  bool attached_ = false;
  std::uint32_t participant_ = 0;
  std::optional<Boottime> busy_since_;  ///< the lock has been somebody else's at every try
  Boottime look_at_path_{};
  Boottime look_for_dead_{};
  GateState state_;
  /// What the file held when state_ was last read out of it, or written to it: taking bytes apart costs more than all
  /// the rest. Empty: state_ says nothing.
  std::string known_bytes_;
  std::string bytes_;  ///< on their way; used again and again
};

Result<void> GateFile::attach(int patience_milliseconds) {
  attached_ = false;
  Result<Files> files = open_files(options_.path, options_.mode);
  if (!files) return std::unexpected(std::move(files.error()));
  files_ = std::move(*files);
  const Result<Held> held = lock(patience_milliseconds);
  if (!held) return std::unexpected(held.error());
  // Under the lock on the state: who counts the living must not see a number taken and not yet cleaned.
  if (Result<void> joined = become_participant(); !joined) return joined;
  if (Result<void> seen = read(); !seen) return seen;
  pacing::bury(state_, participant_, clock_.now());  // the number's last holder, if it died with slots open
  Result<void> written = write();
  attached_ = written.has_value();
  return written;
}

Result<void> GateFile::update(const std::function<void(GateState&, std::uint32_t)>& change) {
  const Boottime now = clock_.now();
  // Looked at now and then: an operator who removes the file would otherwise leave two processes with a pace each.
  if (!attached_ || now >= look_at_path_) {
    if (!attached_ || !path_leads_here())
      if (Result<void> again = attach(0); !again) return again;
    look_at_path_ = now + kLookEvery;
  }
  const Result<Held> held = lock(0);
  if (!held) return std::unexpected(held.error());
  if (Result<void> seen = read(); !seen) return seen;
  bury_the_dead(state_);
  change(state_, participant_);
  return write();
}

Result<GateFile::Held> GateFile::lock(int patience_milliseconds) {
  for (int spin = 0; spin < kSpins + patience_milliseconds; ++spin) {
    if (posix::try_lock(files_.state.get(), kState)) {
      busy_since_.reset();
      return Held(files_.state.get());
    }
    // Both mean that another has it (fcntl(2)); anything else would not get better by asking again.
    if (errno != EAGAIN && errno != EACCES && errno != EINTR)
      return posix::fail_with(errno, text::words::do_lock_gate(), options_.path);
    constexpr timespec kMillisecond{0, 1'000'000};
    if (spin < kSpins)
      sched_yield();
    else
      nanosleep(&kMillisecond, nullptr);
  }
  if (!busy_since_) busy_since_ = clock_.now();
  if (clock_.now() - *busy_since_ < kLockedForGood) return fail(ErrorKind::busy, words::gate_locked(options_.path));
  return fail(ErrorKind::io, words::gate_locked_for_good(options_.path, holder()));
}

std::string GateFile::holder() const {
  const auto pid = posix::holder_of_lock(files_.state.get());
  return pid ? words::gate_holder(*pid) : words::gate_some_holder();
}

Result<void> GateFile::become_participant() {
  for (participant_ = 0; participant_ < pacing::kMaxParticipants; ++participant_)
    // The kernel drops it with the process, however that ends: no number is ever lost.
    if (posix::try_lock(files_.life.get(), byte_of(participant_))) return {};
  return fail(ErrorKind::config, words::gate_full(pacing::kMaxParticipants, options_.path));
}

Result<void> GateFile::read() {
  ssize_t got = 0;
  bytes_.resize_and_overwrite(pacing::kGateBytes, [&](char* into, std::size_t size) {
    got = pread(files_.state.get(), into, size, 0);
    return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  });
  if (got < 0) return posix::fail_with(errno, text::words::do_read_the_gate(), options_.path);
  // Nobody else has written since: most often there is only one process, and it asks at every slot.
  if (got > 0 && bytes_ == known_bytes_) return {};
  known_bytes_.clear();
  std::optional<GateState> state = pacing::from_bytes(bytes_);
  if (!state && !pacing::may_be_gate(bytes_)) return std::unexpected(no_gate(options_.path));
  const bool damaged = !state && got > 0;
  if (damaged) spdlog::warn("{}", words::gate_damaged(options_.path));
  // CLOCK_BOOTTIME begins at 0 with each boot (clock_gettime(2)): instants of another one mean nothing, so what may
  // have been sent just before is waited out.
  const bool of_this_boot = state && options_.boot_id == state->boot_id.data();
  if (!of_this_boot) {
    state_ = pacing::fresh(options_.rate, options_.boot_id, clock_.now(), true);
    return {};
  }
  if (state->rate != options_.rate) {
    Result<GateState> ours = take_over(*state);
    if (!ours) return std::unexpected(std::move(ours.error()));
    state_ = *ours;
    return {};
  }
  known_bytes_ = bytes_;
  state_ = *state;
  return {};
}

/// A state that was kept at another rate is ours to replace only when nobody lives by it.
Result<GateState> GateFile::take_over(const GateState& theirs) {
  for (std::uint32_t other = 0; other < pacing::kMaxParticipants; ++other)
    if (other != participant_ && alive(other))
      return fail(ErrorKind::config,
                  words::gate_other_rate(options_.path, in_words(theirs.rate), in_words(options_.rate)));
  return pacing::at_another_rate(theirs, options_.rate, options_.boot_id, clock_.now());
}

Result<void> GateFile::write() {
  pacing::to_bytes(state_, bytes_);
  // Nothing changed, nothing written: most looks only ask when the next slot is.
  if (bytes_ == known_bytes_) return {};
  known_bytes_.clear();
  const ssize_t put = pwrite(files_.state.get(), bytes_.data(), bytes_.size(), 0);
  if (put == static_cast<ssize_t>(bytes_.size())) {
    known_bytes_.swap(bytes_);
    return {};
  }
  const int number = put < 0 ? errno : ENOSPC;  // a short write to a file means that the disk is full
  return posix::fail_with(number, text::words::do_write_gate(), options_.path);
}

void GateFile::bury_the_dead(GateState& state) {
  const Boottime now = clock_.now();
  if (now < look_for_dead_) return;
  decltype(pacing::Group::open) open{};  // of each, whether anything is
  for (const auto& group : state.groups)
    for (std::size_t i = 0; i < open.size(); ++i) open[i] |= group.open[i];
  for (std::uint32_t other = 0; other < pacing::kMaxParticipants; ++other) {
    if (other == participant_ || open[other] == 0) continue;
    look_for_dead_ = now + kLookEvery;
    // Its open slots may have been sent until the moment it died: they are anchored at now, when that was noticed, and
    // not earlier (I5).
    if (!alive(other)) pacing::bury(state, other, now);
  }
}

bool GateFile::alive(std::uint32_t participant) const {
  return posix::locked_elsewhere(files_.state.get(), byte_of(participant));
}

bool GateFile::path_leads_here() const {
  struct stat there{};
  return ::stat(options_.path.c_str(), &there) == 0 && there.st_ino == files_.inode && there.st_dev == files_.device;
}

}  // namespace

Result<void> judge_file(const std::string& path) {
  const posix::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file && errno == ENOENT) return {};
  struct stat about{};
  if (!file || fstat(file.get(), &about) != 0) return posix::fail_with(errno, text::words::do_read_gate(), path);
  if (Result<void> ours = refuse_anothers(about, path); !ours) return ours;
  std::string bytes(pacing::kGateBytes, '\0');
  const ssize_t got = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) return posix::fail_with(errno, text::words::do_read_gate(), path);
  bytes.resize(static_cast<std::size_t>(got));
  if (!pacing::may_be_gate(bytes)) return std::unexpected(no_gate(path));
  return {};
}

std::string this_boot() {
  return boot_id(kKernelsBootId, ::getenv(kToldBootId));
}

Result<std::unique_ptr<ports::GateStore>> open_file(FileOptions options, const ports::Clock& clock) {
  // Two boots that nobody tells apart would pass for one, and the slots of the earlier for this one's.
  if (options.boot_id.empty()) return fail(ErrorKind::config, words::gate_no_boot_id(kKernelsBootId, kToldBootId));
  auto gate = std::make_unique<GateFile>(std::move(options), clock);
  if (Result<void> attached = gate->attach(kPatienceMilliseconds); !attached)
    return std::unexpected(std::move(attached.error()));
  return gate;
}

}  // namespace sluice::adapters::gate
