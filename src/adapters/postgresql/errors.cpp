#include "postgresql/errors.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "sluice/text/shown.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

struct Meaning {
  std::string_view begins;  ///< the SQLSTATE
  ErrorKind kind;
};

// The first that fits counts.
constexpr std::array kMeanings = {
    Meaning{kFenced, ErrorKind::fenced},
    Meaning{kElsewhere, ErrorKind::elsewhere},
    Meaning{kStale, ErrorKind::stale},
    Meaning{"25006", ErrorKind::io},       // a standby, after a failover: connect again
    Meaning{"28", ErrorKind::permission},  // no such user, or a wrong password
    Meaning{"3D", ErrorKind::config},      // no such database
    Meaning{"3F", ErrorKind::corrupt},     // the schema is gone
    Meaning{"40", ErrorKind::busy},        // deadlock, serialization
    Meaning{"42501", ErrorKind::permission},
    Meaning{"53100", ErrorKind::no_space},
    Meaning{"53300", ErrorKind::no_handles},  // too many connections
    Meaning{"55P03", ErrorKind::busy},        // lock_timeout
    Meaning{"57014", ErrorKind::busy},        // statement_timeout
    Meaning{"22", ErrorKind::corrupt},        // a value that its column can't hold: not of our schema
    Meaning{"23", ErrorKind::corrupt},
    Meaning{"42", ErrorKind::corrupt},  // a table is missing
    Meaning{"XX001", ErrorKind::corrupt},
    Meaning{"XX002", ErrorKind::corrupt},
};

std::string advice(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::no_space:
      return text::words::postgresql_room();
    case ErrorKind::no_handles:
      return text::words::postgresql_connections();
    case ErrorKind::permission:
      return text::words::postgresql_rights();
    case ErrorKind::config:
      return text::words::postgresql_no_database();
    case ErrorKind::corrupt:
      return text::words::postgresql_damaged();
    default:
      return text::words::postgresql_see_its_log();
  }
}

constexpr std::size_t kMostShown = 300;

std::string one_line(std::string_view message) {
  while (message.ends_with('\n') || message.ends_with(' ')) message.remove_suffix(1);
  return text::shown(message, kMostShown);
}

}  // namespace

Error server_error(std::string_view where, std::string_view sqlstate, std::string_view message) {
  const auto* found =
      std::ranges::find_if(kMeanings, [&](const Meaning& meaning) { return sqlstate.starts_with(meaning.begins); });
  const ErrorKind kind = found == kMeanings.end() ? ErrorKind::io : found->kind;
  switch (kind) {
    case ErrorKind::fenced:
      return {kind, text::words::postgresql_fenced()};
    case ErrorKind::elsewhere:
      return {kind, text::words::postgresql_elsewhere()};
    case ErrorKind::stale:
      return {kind, text::words::postgresql_stale()};
    default:
      return {kind,
              text::words::postgresql_says(std::string(where), one_line(message), std::string(sqlstate), advice(kind))};
  }
}

Error connection_lost(std::string_view where, std::string_view message) {
  return {ErrorKind::io, text::words::postgresql_lost(std::string(where), one_line(message))};
}

}  // namespace sluice::adapters::postgresql
