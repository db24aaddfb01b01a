#pragma once

#include <boost/json.hpp>

#include "sluice/pipeline/status.hpp"

namespace sluice::control {

/// The picture as docs/status.schema.json has it.
boost::json::object status_object(const pipeline::Status& status);

}  // namespace sluice::control
