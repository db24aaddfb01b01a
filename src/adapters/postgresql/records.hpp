#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "packing/fields.hpp"
#include "packing/stored.hpp"
#include "postgresql/values.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/records/cell.hpp"

namespace sluice::adapters::postgresql {

using packing::columns_of;
using packing::each_field;

/// Makes a record's fields a statement's parameters: a visitor of each_field().
class FieldWriter {
 public:
  explicit FieldWriter(Arguments& arguments) : arguments_(arguments) {}

  template <class T>
  void operator()(const char*, const T& value) {
    put(value);
  }

 private:
  template <class T>
  void put(const T& value) {
    arguments_.put(value);
  }
  void put(const packing::Blob& blob) { arguments_.put(blob.bytes); }
  void put(const std::vector<records::RowRef>& rows) { arguments_.put(packing::pack_row_refs(rows)); }
  void put(const std::vector<std::uint64_t>& hashes) { arguments_.put(packing::pack_hashes(hashes)); }
  /// The column takes no NULL.
  void put(const std::optional<orders::ServiceId>& service) {
    arguments_.put(service ? std::to_underlying(*service) : std::uint8_t{0});
  }

  Arguments& arguments_;
};

/// Takes a row's columns one after the other: a visitor of each_field(). What cannot be a value of its type makes it
/// unsound: the ledger is damaged.
class FieldReader {
 public:
  FieldReader(const Rows& rows, std::size_t row, int column = 0) : rows_(rows), row_(row), at_(column) {}

  bool sound() const { return sound_; }

  template <class T>
  void operator()(const char*, T& value) {
    take(value);
  }

 private:
  template <class T>
    requires std::is_integral_v<T>
  void take(T& value) {
    value = static_cast<T>(rows_.number(row_, at_++));
  }
  template <class T>
    requires std::is_enum_v<T>
  void take(T& value) {
    const auto number = static_cast<std::uint64_t>(rows_.number(row_, at_++));
    sound_ = sound_ && packing::in_range_of<T>(number);
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): unsound ones are thrown away
    if (sound_) value = static_cast<T>(number);
  }
  void take(WallTime& time) { time = WallTime(Millis(rows_.number(row_, at_++))); }
  void take(std::string& text) { text = rows_.bytes(row_, at_++); }
  void take(packing::Blob& blob) { blob.bytes = rows_.bytes(row_, at_++); }
  void take(std::vector<records::RowRef>& rows) { take_packed(rows, packing::unpack_row_refs); }
  void take(std::vector<std::uint64_t>& hashes) { take_packed(hashes, packing::unpack_hashes); }
  template <class T>
  void take(std::optional<T>& value) {
    if (!rows_.is_null(row_, at_)) return take(value.emplace());
    ++at_;
    value.reset();
  }
  void take(std::optional<orders::ServiceId>& service) {
    service.reset();
    if (rows_.number(row_, at_) != 0) return take(service.emplace());
    ++at_;
  }
  template <class T, class Unpack>
  void take_packed(T& value, Unpack unpack) {
    auto unpacked = unpack(rows_.bytes(row_, at_++));
    sound_ = sound_ && unpacked.has_value();
    value = std::move(unpacked).value_or(T{});
  }

  const Rows& rows_;
  std::size_t row_;
  int at_;
  bool sound_ = true;
};

}  // namespace sluice::adapters::postgresql
