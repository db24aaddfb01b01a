#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "sluice/base/error.hpp"

namespace sluice::ports {

/// One value, as both kinds of ledger keep it, and the values of one row of a table.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using TableRow = std::vector<Cell>;

/// What of a ledger goes over. No batches and answers: they are those of jobs under way.
enum class MovedTable : std::uint8_t { jobs, doubts, first_sends, notes, numbers, history, prints, placed };
inline constexpr MovedTable kMovedTables[] = {MovedTable::jobs,   MovedTable::doubts,  MovedTable::first_sends,
                                              MovedTable::notes,  MovedTable::numbers, MovedTable::history,
                                              MovedTable::prints, MovedTable::placed};

/// That a ledger is left: no process begins with it any more.
struct Departure {
  std::string move;      ///< the move's own id
  std::string where;     ///< the other ledger, for people
  bool arrived = false;  ///< what was taken along is known to be stored there
};

/// A ledger that is moved into another one, or that another one is moved into, while nobody works with either. Blocks.
/// A crash leaves it as it was before the call or after it.
class MovableLedger {
 public:
  virtual ~MovableLedger() = default;
  /// For people.
  virtual const std::string& where() const = 0;

  /// None: it is in use, or may be.
  virtual Result<std::optional<Departure>> departure() = 0;
  /// Leaves it, and ends whoever might still write there. Kind `busy`: a job is under way, or a host at work.
  virtual Result<void> depart(const Departure& departure) = 0;
  /// It is what one goes by again, or, with a departure, it is known that the other one is.
  virtual Result<void> note(const std::optional<Departure>& departure) = 0;
  /// The move by which it came to be; empty: it grew here.
  virtual Result<std::string> arrival() = 0;
  virtual Result<bool> empty() = 0;

  /// A table's rows behind one, in the order of its key; `after` empty: from the first.
  virtual Result<std::vector<TableRow>> read(MovedTable table, const TableRow& after, std::size_t limit) = 0;
  /// Under which orders are marked; empty: it keeps none.
  virtual Result<std::string> secret() = 0;

  /// Empties it, adds, and is the ledger of an account from then on: one transaction. Without finish() nothing
  /// happened.
  virtual Result<void> begin() = 0;
  virtual Result<void> add(MovedTable table, std::span<const TableRow> rows) = 0;
  virtual Result<void> finish(const std::string& move, const std::string& secret) = 0;
};

}  // namespace sluice::ports
