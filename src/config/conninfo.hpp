#pragma once

#include <string>

#include "field.hpp"

namespace sluice::config {

/// libpq's keyword=value form (its manual, Connection Strings), by form alone: a password has no place in it, and what
/// the keywords mean is judged where the connection is made. Empty: no database.
Complaint conninfo_or_empty(std::string& value);

/// How a host is called among the others: visible ASCII without blanks or quotes.
Complaint host_name_or_empty(std::string& value);

}  // namespace sluice::config
