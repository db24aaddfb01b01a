#pragma once

#include <string>
#include <string_view>

#include "order_memory.hpp"
#include "sluice/base/error.hpp"

namespace sluice::sandbox {

/// What was applied, a line each, so that the memory outlives the process. Written before the answer goes out; not
/// synced: it must survive a kill, not a power cut.
class StateFile {
 public:
  StateFile() = default;
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;
  ~StateFile();

  /// Opens or makes the file, and has the memory restored from it. A torn last line is cut off.
  Result<void> open(const std::string& path, OrderMemory& memory);

  void created(const CreateOrder& order, std::string_view order_id, Day start);
  void updated(const UpdateOrder& order);
  /// Hands the noted lines to the system.
  Result<void> flush();

 private:
  int fd_ = -1;
  std::string pending_;
};

}  // namespace sluice::sandbox
