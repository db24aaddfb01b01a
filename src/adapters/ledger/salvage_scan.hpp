#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "ledger/values.hpp"
#include "packing/fields.hpp"

namespace sluice::adapters::ledger {

/// Reads one table of a damaged ledger by its integer key. Where a page can't be read it lands beyond it, at growing
/// distances, and then reads backwards up to the damage: only what was on the page is lost.
template <class T>
class SalvageScan {
 public:
  using Key = std::int64_t;
  static constexpr Key kHighest = std::numeric_limits<Key>::max();

  /// `columns`: of T, or what stands for them. `where`: on columns beside the key, ending in AND, or empty. `damaged`
  /// is told the key after which reading failed.
  SalvageScan(SQLite::Database& database, const std::vector<std::string>& columns, const char* table, const char* key,
              const std::string& where, std::function<Key(const T&)> key_of,
              std::function<void(Key, const char*)> damaged)
      : database_(database),
        select_(fmt::format("SELECT {} FROM {} WHERE {} {} > ? AND {} < ? ORDER BY {}", fmt::join(columns, ","), table,
                            where, key, key, key)),
        key_of_(std::move(key_of)),
        damaged_(std::move(damaged)) {}

  std::vector<T> read(Key after, std::size_t limit) {
    std::vector<T> records;
    while (records.size() < limit) {
      const bool whole = read_span({.after = after, .limit = limit - records.size()}, records);
      if (!records.empty()) after = std::max(after, key_of_(records.back()));
      if (whole) break;
      const Key landing = land_beyond(after);
      if (landing == kHighest) break;
      std::vector<T> behind;
      read_span({.after = after, .before = landing + 1, .limit = limit, .descending = true}, behind);
      std::move(behind.rbegin(), behind.rend(), std::back_inserter(records));
      after = landing;
    }
    if (records.size() > limit) records.resize(limit);
    return records;
  }

 private:
  struct Span {
    Key after = 0;
    Key before = kHighest;
    std::size_t limit = 0;
    bool descending = false;
  };

  /// False: reading failed on the way. Keys that don't go one way are damage, too: a page that leads back to an earlier
  /// one would have us read forever.
  bool read_span(Span span, std::vector<T>& records) {
    Key last = span.descending ? span.before : span.after;
    try {
      SQLite::Statement statement(database_, fmt::format("{} {} LIMIT {}", select_, span.descending ? "DESC" : "ASC",
                                                         std::min(span.limit, std::size_t{1} << 40)));
      Binder(statement).put(span.after).put(span.before);
      while (statement.executeStep()) {
        T record{};
        Taker taker(statement);
        each_field(record, taker);
        const Key key = key_of_(record);
        if (span.descending ? key >= last : key <= last) throw SQLite::Exception("keys out of order");
        last = key;
        if (taker.sound()) {
          records.push_back(std::move(record));
        } else {
          damaged_(key, "holds what none can hold");
        }
      }
      return true;
    } catch (const SQLite::Exception& exception) {
      damaged_(last, exception.what());
      return false;
    }
  }

  Key land_beyond(Key after) {
    std::vector<T> first;
    for (Key leap = 1; leap<kHighest - after; leap = leap> kHighest / 2 ? kHighest : leap * 2) {
      if (read_span({.after = after + leap, .limit = 1}, first)) return after + leap;
    }
    return kHighest;
  }

  SQLite::Database& database_;
  std::string select_;
  std::function<Key(const T&)> key_of_;
  std::function<void(Key, const char*)> damaged_;
};

}  // namespace sluice::adapters::ledger
