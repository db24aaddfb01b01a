#pragma once

#include <map>
#include <string>

#include "postgresql/server.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::postgresql {

/// What libpq is given, by keyword: the conninfo and what it must not leave open. Everything but the loopback and
/// sockets is verified (sslmode=verify-full). Kind `config`: libpq can't read it, it holds
/// a password or names a service file, or it would go over the network without verifying whom it talks to.
Result<std::map<std::string, std::string>> keywords_of(const Server& server);

/// host[:port]/dbname, for words.
std::string shown(const std::map<std::string, std::string>& keywords);

}  // namespace sluice::adapters::postgresql
