#pragma once

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::sandbox {

/// A certificate for localhost and 127.0.0.1, and the authority that signed it. PEM, newly made each time, good for a
/// month.
struct Identity {
  std::string ca;
  std::string certificate;
  std::string key;
};
Result<Identity> make_identity();

}  // namespace sluice::sandbox
