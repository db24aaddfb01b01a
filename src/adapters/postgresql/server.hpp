#pragma once

#include <string>

namespace sluice::adapters::postgresql {

/// Where the database is, and as whom it is used.
struct Server {
  std::string conninfo;                     ///< libpq's own form, without a password
  std::string password = {};                ///< goes to libpq alone: never into words or logs
  std::string application_name = "sluice";  ///< what pg_stat_activity shows
};

}  // namespace sluice::adapters::postgresql
