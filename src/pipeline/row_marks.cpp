#include "row_marks.hpp"

#include <fmt/format.h>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

RowMarks::RowMarks(std::string_view secret) {
  SLUICE_CHECK(secret.size() == 32, "a secret of two keys");
  key_ = sip_key(secret);
  name_ = fmt::format("{:016x}", siphash("the spool's secret", sip_key(secret.substr(16))));
}

}  // namespace sluice::pipeline
