#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sluice/adapters/spool/uploads.hpp"
#include "sluice/ports/task_group.hpp"

namespace sluice::control::web {

/// Files that somebody uploaded and has not placed yet, each its uploader's alone, for kKept. Bounded: so many may come
/// in at once, and so many wait; beyond them the oldest goes. What is left at the end goes, too.
class UploadDesk {
 public:
  static constexpr auto kKept = std::chrono::minutes(30);
  static constexpr std::size_t kAtOnce = 4;
  static constexpr std::size_t kMost = 16;

  /// Removes what a crash left in the inbox. `host`: this one's name, where others share that; empty: it is alone.
  UploadDesk(boost::asio::any_io_executor executor, ports::Clock& clock, const std::string& inbox,
             const std::string& host);
  ~UploadDesk();

  /// The right to bring one in, for as long as it lives.
  class Slot {
   public:
    explicit Slot(std::size_t& taken) : taken_(&taken) { ++taken; }
    Slot(Slot&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (taken_ != nullptr) --*taken_;
    }

   private:
    std::size_t* taken_;
  };
  /// Nothing: there are kAtOnce already.
  std::optional<Slot> slot();

  struct Entry {
    std::string name;  ///< that it will have
    std::string user;
    Boottime until{};
  };
  adapters::spool::Uploads& files() { return files_; }
  void keep(std::string id, Entry entry);
  /// Takes it out, if it is this user's: nobody else does anything with it from now on.
  std::optional<Entry> take(const std::string& id, const std::string& user);

  bool stopped() const { return stopping_; }
  void stop();

 private:
  ports::Task<void> forget_old();

  ports::Clock& clock_;
  std::unique_ptr<ports::Clock::Timer> due_;
  adapters::spool::Uploads files_;
  std::map<std::string, Entry> entries_;
  std::size_t coming_in_ = 0;
  bool forgetting_ = false;
  bool stopping_ = false;
  ports::TaskGroup tasks_;  ///< last: it uses all of the above
};

/// Why no file of the inbox may have this name; empty: it may. It leads nowhere, forges nothing and is not left alone.
std::string why_no_name(const std::string& name);

}  // namespace sluice::control::web
