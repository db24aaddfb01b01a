#pragma once

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::adapters::postgresql {

/// Where the database is, and as whom it is used.
struct Server {
  std::string conninfo;                     ///< libpq's own form, without a password
  std::string password = {};                ///< goes to libpq alone: never into words or logs
  std::string application_name = "sluice";  ///< what pg_stat_activity shows
};

/// Whether a conninfo may be used, without connecting. Kind `config`: libpq can't read it, it holds a password or names
/// a service file, or it would go over the network without verifying whom it talks to.
Result<void> check_conninfo(const std::string& conninfo);

}  // namespace sluice::adapters::postgresql
