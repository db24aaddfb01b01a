#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/base/time.hpp"

struct pg_result;

namespace sluice::adapters::postgresql {

/// The parameters of a statement, $1 first, in PostgreSQL's binary form. Numbers, enums and booleans are bigint,
/// strings and bytes bytea: names of files and what was answered may hold any byte.
class Arguments {
 public:
  struct Value {
    std::uint32_t type;  ///< its OID
    std::optional<std::string> bytes;
  };

  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  Arguments& put(T value) {
    return put_number(static_cast<std::int64_t>(value));  // 64-bit unsigned ones keep their bits
  }
  Arguments& put(WallTime time) { return put_number(time.time_since_epoch().count()); }
  template <class T>
  Arguments& put(const std::optional<T>& value) {
    return value ? put(*value) : put_null();
  }
  Arguments& put(std::string_view bytes);
  Arguments& put(const std::string& bytes) { return put(std::string_view(bytes)); }
  /// A name or a word: valid UTF-8 without NUL.
  Arguments& put_text(std::string_view text);
  /// bigint[].
  Arguments& put_list(std::span<const std::uint64_t> numbers);
  Arguments& put_null();  ///< of bigint

  const std::vector<Value>& values() const { return values_; }

 private:
  Arguments& put_number(std::int64_t number);

  std::vector<Value> values_;
};

/// What a statement returned, in the binary form. Only bigint, integer, boolean, bytea and text are read.
class Rows {
 public:
  Rows() = default;
  explicit Rows(std::shared_ptr<const pg_result> result) : result_(std::move(result)) {}

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  /// Rows that an INSERT, UPDATE or DELETE touched.
  std::uint64_t affected() const;
  bool is_null(std::size_t row, int column) const;
  std::int64_t number(std::size_t row, int column) const;
  /// Valid for as long as these rows.
  std::string_view bytes(std::size_t row, int column) const;

 private:
  std::shared_ptr<const pg_result> result_;
};

}  // namespace sluice::adapters::postgresql
