#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice::adapters {

/// The highest number of an enum that is used as an index or a switch; what is above it in a ledger is damage.
template <class E>
constexpr std::uint64_t highest_of() {
  if constexpr (std::is_same_v<E, ports::JobState>) return std::to_underlying(ports::JobState::dropped);
  if constexpr (std::is_same_v<E, ports::Hold>) return std::to_underlying(ports::Hold::unpublishable);
  if constexpr (std::is_same_v<E, records::Outcome>) return std::to_underlying(records::Outcome::in_doubt);
  return static_cast<std::uint64_t>(static_cast<std::underlying_type_t<E>>(-1));
}

/// Gives a statement its parameters one after the other. Strings are not copied: they must live until it is reset.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {}

  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  Binder& put(T value) {
    statement_.bind(++at_, static_cast<std::int64_t>(value));  // 64-bit unsigned ones keep their bits
    return *this;
  }
  Binder& put(const std::string& text) {
    statement_.bindNoCopy(++at_, text);
    return *this;
  }
  Binder& put(WallTime time) { return put(time.time_since_epoch().count()); }
  template <class T>
  Binder& put(const std::optional<T>& value) {
    if (value) return put(*value);
    statement_.bind(++at_);
    return *this;
  }
  Binder& put(const std::vector<records::RowRef>& rows);

  /// As a visitor of each_field().
  template <class T>
  void operator()(const char*, const T& value) {
    put(value);
  }

 private:
  SQLite::Statement& statement_;
  int at_ = 0;
};

/// Takes a row's columns one after the other. What cannot be a value of its type makes it unsound: the ledger is
/// damaged.
class Taker {
 public:
  explicit Taker(SQLite::Statement& statement) : statement_(statement) {}

  bool sound() const { return sound_; }

  template <class T>
    requires std::is_integral_v<T>
  void take(T& value) {
    value = static_cast<T>(statement_.getColumn(at_++).getInt64());
  }
  template <class T>
    requires std::is_enum_v<T>
  void take(T& value) {
    const auto number = static_cast<std::uint64_t>(statement_.getColumn(at_++).getInt64());
    sound_ = sound_ && number <= highest_of<T>();
    value = static_cast<T>(number);
  }
  void take(std::string& text) { text = statement_.getColumn(at_++).getString(); }
  void take(WallTime& time) { time = WallTime(Millis(statement_.getColumn(at_++).getInt64())); }
  template <class T>
  void take(std::optional<T>& value) {
    if (statement_.isColumnNull(at_)) {
      ++at_;
      value.reset();
      return;
    }
    take(value.emplace());
  }
  void take(std::vector<records::RowRef>& rows);

  template <class T>
  void operator()(const char*, T& value) {
    take(value);
  }

 private:
  SQLite::Statement& statement_;
  int at_ = 0;
  bool sound_ = true;
};

}  // namespace sluice::adapters
