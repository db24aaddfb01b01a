#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "packing/stored.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/records/cell.hpp"

namespace sluice::adapters::ledger {

using namespace packing;  // how values are stored is the same in every ledger

/// Gives a statement its parameters one after the other. Strings and blobs are not copied: they must live until it is
/// reset.
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
  /// The column takes no NULL.
  Binder& put(const std::optional<orders::ServiceId>& service) {
    return put(service ? std::to_underlying(*service) : std::uint8_t{0});
  }
  Binder& put(const Blob& blob);
  Binder& put(const std::vector<records::RowRef>& rows);
  Binder& put(const std::vector<std::uint64_t>& hashes);

  /// As a visitor of each_field().
  template <class T>
  void operator()(const char*, const T& value) {
    put(value);
  }

 private:
  Binder& put_packed(const std::string& bytes);

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
    sound_ = sound_ && in_range_of<T>(number);
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): unsound ones are thrown away
    if (sound_) value = static_cast<T>(number);
  }
  void take(Blob& blob) { blob.bytes = take_blob(); }
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
  void take(std::optional<orders::ServiceId>& service) {
    service.reset();
    if (statement_.getColumn(at_).getInt64() == 0) {
      ++at_;
    } else {
      take(service.emplace());
    }
  }
  void take(std::vector<records::RowRef>& rows);
  void take(std::vector<std::uint64_t>& hashes);

  template <class T>
  void operator()(const char*, T& value) {
    take(value);
  }

 private:
  std::string_view take_blob();

  SQLite::Statement& statement_;
  int at_ = 0;
  bool sound_ = true;
};

}  // namespace sluice::adapters::ledger
