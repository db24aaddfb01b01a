#pragma once

#include <string>
#include <string_view>

#include "sluice/base/error.hpp"
#include "sluice/text/words/spool.hpp"

namespace sluice::adapters::posix {

/// The one place that reads errno: what a caller may do about it.
ErrorKind kind_of(int error);

/// "cannot DO WHERE: what the system says; what to do about it". `doing` is a words::do_…(), `where` is already fit to
/// be shown.
Error system_error(int error, std::string_view doing, std::string_view where);

/// The same, met while a spool is opened: kind `config` (exit 78), but for a full disk, which may be waited for.
Error unusable(Error error);

inline std::unexpected<Error> fail_with(int error, std::string_view doing, std::string_view where) {
  return std::unexpected(system_error(error, doing, where));
}

}  // namespace sluice::adapters::posix
