#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "posix/fd.hpp"

namespace sluice::adapters::spool {

/// The last thing heard of a name.
enum class Hint : std::uint8_t {
  renamed_in,  ///< whole, as a rename brings it
  written      ///< closed by somebody who had it open for writing
};
using HintsByName = std::unordered_map<std::string, Hint>;

/// inotify on the inbox. Only hints: a queue that overflowed, a share without events or no inotify at all cost time,
/// never a file.
class Hints {
 public:
  explicit Hints(boost::asio::any_io_executor executor);
  ~Hints();
  Hints(const Hints&) = delete;
  Hints& operator=(const Hints&) = delete;

  /// Watches this folder, unless it already does. From any thread.
  void watch(const posix::Fd& inbox);
  /// What was heard since the last call. After an overflow: nothing. From any thread.
  HintsByName take();
  /// Why nothing is heard; empty: all is well. From any thread.
  std::string trouble() const;

  /// Calls back once, on the executor, when something was heard; until disarm(). On the executor's thread.
  void arm(std::function<void()> heard);
  void disarm();

 private:
  class State;
  std::shared_ptr<State> state_;  ///< shared with the wait that may still be under way
};

}  // namespace sluice::adapters::spool
