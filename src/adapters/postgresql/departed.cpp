#include "postgresql/departed.hpp"

#include "packing/moved_tables.hpp"
#include "sluice/text/words/moving.hpp"

namespace sluice::adapters::postgresql {

Result<std::optional<ports::Departure>> departure_of(Connection& connection) {
  const auto note =
      connection.run("SELECT value FROM sluice.notes WHERE key = $1", Arguments().put_text(packing::kDeparted));
  if (!note) return std::unexpected(note.error());
  return note->empty() ? std::nullopt : packing::unpack_departure(note->bytes(0, 0));
}

Result<void> not_departed(Connection& connection) {
  const auto left = departure_of(connection);
  if (!left) return std::unexpected(left.error());
  if (!*left) return {};
  const auto own = "PostgreSQL " + connection.where();
  return fail(ErrorKind::config, (*left)->arrived ? text::words::ledger_moved(own, (*left)->where)
                                                  : text::words::ledger_moving(own, (*left)->where));
}

}  // namespace sluice::adapters::postgresql
