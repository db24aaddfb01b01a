#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/base/siphash.hpp"

namespace sluice::pipeline {

/// What an order was when its batch was planned, as a hash under the spool's secret. A file's bytes can be changed
/// through a shared mapping without a trace in its times; whoever does that can't find another order with the same
/// mark.
class RowMarks {
 public:
  /// `secret`: ports::Spool::secret().
  explicit RowMarks(std::string_view secret);

  const SipKey& key() const { return key_; }
  std::uint64_t of(std::string_view element) const { return siphash(element, key_); }
  /// Tells this secret from another one, and nothing else of it. Kept with each job (JobHeader::secret).
  const std::string& name() const { return name_; }

 private:
  SipKey key_;
  std::string name_;
};

}  // namespace sluice::pipeline
