#pragma once

#include <map>
#include <string>

#include "postgresql/server.hpp"

namespace sluice::adapters::postgresql {

/// What libpq is given, by keyword: the conninfo and what it must not leave open. Everything but the loopback and
/// sockets is verified (sslmode=verify-full). Errors as check_conninfo().
Result<std::map<std::string, std::string>> keywords_of(const Server& server);

/// host[:port]/dbname, for words.
std::string shown(const std::map<std::string, std::string>& keywords);

}  // namespace sluice::adapters::postgresql
