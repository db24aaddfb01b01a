#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/adapters/spool/spool.hpp"

namespace sluice::adapters::spool {

using namespace std::chrono_literals;

/// A clock that a test moves by hand. Its wall time goes with the machine's, because the kernel stamps ctimes by that.
class HandClock final : public ports::Clock {
 public:
  explicit HandClock(boost::asio::io_context& io) : io_(io) {}
  Boottime now() const override { return now_ += pass_; }
  /// Each time that somebody looks at it.
  void pass(Nanos by) { pass_ = by; }
  WallTime wall() const override {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()) + jump_;
  }
  std::uint64_t random() override { return 4; }
  std::unique_ptr<Timer> timer() override { return std::make_unique<HandTimer>(*this); }

  void advance(Nanos by) {
    now_ += by;
    for (auto* timer : timers_) timer->look();
  }
  /// Somebody sets the machine's clock.
  void jump_wall(Nanos by) { jump_ += std::chrono::duration_cast<Millis>(by); }

 private:
  class HandTimer final : public Timer {
   public:
    explicit HandTimer(HandClock& clock) : clock_(clock), bell_(clock.io_) { clock_.timers_.push_back(this); }
    ~HandTimer() override { std::erase(clock_.timers_, this); }
    ports::Task<void> wait(Boottime until) override {
      until_ = until;
      bell_.expires_at(std::chrono::steady_clock::time_point::max());
      while (!woken_ && clock_.now() < until_) {
        try {
          co_await bell_.async_wait(boost::asio::use_awaitable);
        } catch (const boost::system::system_error&) {  // rung
        }
      }
      woken_ = false;
    }
    void wake() override {
      woken_ = true;
      bell_.cancel();
    }
    void look() {
      if (clock_.now() >= until_) bell_.cancel();
    }

   private:
    HandClock& clock_;
    boost::asio::steady_timer bell_;
    Boottime until_{};
    bool woken_ = false;
  };

  boost::asio::io_context& io_;
  // Far from zero, so that an age can be taken off it.
  mutable Boottime now_{std::chrono::hours{10'000}};
  Nanos pass_{0};
  Millis jump_{0};
  std::vector<HandTimer*> timers_;
};

/// A spool in a fresh folder.
class SpoolTest : public ::testing::Test {
 public:
  SpoolTest() {
    auto pattern = (std::filesystem::temp_directory_path() / "sluice-spool-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    base = pattern;
    root = base / "spool";
  }
  ~SpoolTest() override {
    spool.reset();
    std::error_code ignored;
    std::filesystem::remove_all(base, ignored);
  }

  Result<std::unique_ptr<PosixSpool>> try_open(const std::string& host = {}) {
    return PosixSpool::open(root.string(), settings, clock, io.get_executor(), host);
  }
  PosixSpool& open() {
    spool.reset();
    auto opened = try_open();
    EXPECT_TRUE(opened) << opened.error().words;
    spool = std::move(*opened);
    return *spool;
  }

  template <class T>
  T run(ports::Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T value) {
      if (thrown) std::rethrow_exception(thrown);
      result.emplace(std::move(value));
    });
    io.restart();
    io.run();
    EXPECT_TRUE(result.has_value());
    return std::move(*result);
  }
  /// The value of a task that must succeed.
  template <class T>
  T value(ports::Task<Result<T>> task) {
    auto result = run(std::move(task));
    EXPECT_TRUE(result) << result.error().words;
    if constexpr (!std::is_void_v<T>) return std::move(result.value());
  }
  /// The kind of error of a task that must fail, its words in `words`.
  template <class T>
  ErrorKind kind(ports::Task<Result<T>> task) {
    auto result = run(std::move(task));
    EXPECT_FALSE(result);
    if (result) return ErrorKind::cancelled;
    words = result.error().words;
    return result.error().kind;
  }

  std::vector<ports::InboxEntry> scan() { return value(spool->scan()).entries; }
  /// The only entry there is.
  ports::InboxEntry only() {
    auto entries = scan();
    EXPECT_EQ(entries.size(), 1U);
    return entries.empty() ? ports::InboxEntry{} : entries.front();
  }
  /// Lets everything rest, and gives the only entry, ready.
  ports::InboxEntry rested() {
    scan();
    clock.advance(61s);
    auto entry = only();
    EXPECT_TRUE(entry.ready) << entry.waits_for;
    return entry;
  }
  std::unique_ptr<ports::Candidate> candidate() { return value(spool->open(rested())); }
  std::unique_ptr<ports::ClaimedFile> claim(JobId job) {
    value(candidate()->take(job));
    return value(spool->read(job));
  }

  std::filesystem::path inbox(const std::string& name = {}) const { return root / "inbox" / name; }
  std::filesystem::path outbox(const std::string& name = {}) const { return root / "outbox" / name; }
  std::filesystem::path state(const std::string& name = {}) const { return root / "state" / name; }

  /// Written in place.
  static void put(const std::filesystem::path& path, const std::string& bytes = "uid\n1\n") {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  /// Written elsewhere and renamed in.
  void put_whole(const std::string& name, const std::string& bytes = "uid\n1\n") const {
    put(base / "whole", bytes);
    std::filesystem::rename(base / "whole", inbox(name));
  }
  static std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat s{};
    EXPECT_EQ(::lstat(path.c_str(), &s), 0) << path;
    return s.st_mode & 07777U;
  }

  std::filesystem::path base;
  std::filesystem::path root;
  boost::asio::io_context io{1};
  HandClock clock{io};
  config::Settings::Inbox settings;
  std::unique_ptr<PosixSpool> spool;
  std::string words;
};

/// Holds a file open, as a writer does.
class Writer {
 public:
  explicit Writer(const std::filesystem::path& path, int flags = O_WRONLY | O_CREAT | O_APPEND)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0660)) {
    EXPECT_GE(fd_, 0) << path;
  }
  ~Writer() { close(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  void write(const std::string& bytes) const {
    EXPECT_EQ(::write(fd_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

inline constexpr JobId kJob{20240118, 7};

}  // namespace sluice::adapters::spool
