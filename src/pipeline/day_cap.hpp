#pragma once

#include <cstdint>

#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::pipeline {

/// guard.max_orders_per_day: how many orders go out for the first time in a UTC+8 day. What is on its way counts
/// already, so that batches side by side keep the cap together. Outlives its rooms.
class DayCap {
 public:
  /// Room for a batch's first send. What of it was not announced by its end is free again, for that day.
  class Room {
   public:
    Room() = default;
    Room(Room&& from) noexcept;
    Room& operator=(Room&& from) noexcept;
    ~Room();
    /// The ledger has counted so many with an announcement, on this day; what is left is free again.
    void announced(std::uint64_t orders, std::uint32_t day);
    /// It has given them back: nothing left.
    void withdrawn();

   private:
    friend class DayCap;
    Room(DayCap& cap, std::uint64_t orders) : cap_(&cap), day_(cap.day_), left_(orders) {}

    DayCap* cap_ = nullptr;
    std::uint32_t day_ = 0;
    std::uint64_t left_ = 0;
    std::uint64_t counted_ = 0;
  };

  explicit DayCap(const config::Settings& settings) : settings_(settings) {}

  /// What the ledger has counted on a day (YYYYMMDD): the cap outlives a restart, and other hosts count there, too.
  void begin(std::uint32_t day, std::uint64_t orders);
  /// How many more may go out today; UINT64_MAX: there is no cap.
  std::uint64_t left(WallTime now);
  [[nodiscard]] Room take(std::uint64_t orders, WallTime now);
  /// The day that first sends are counted for now.
  std::uint32_t day(WallTime now);

 private:
  const config::Settings& settings_;
  std::uint32_t day_ = 0;
  std::uint64_t counted_ = 0;  ///< in the ledger
  std::uint64_t taken_ = 0;    ///< on their way there
};

}  // namespace sluice::pipeline
