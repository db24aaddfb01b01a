#pragma once

#include <map>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

/// Files that could not be claimed for a reason of their own. They are not tried at every scan: each try costs a job's
/// number and a line of the ledger. Pure.
class PutOff {
 public:
  void add(const ports::FileIdentity& file, const std::string& name, ErrorKind why, Boottime now);
  bool has(const ports::InboxEntry& entry, Boottime now) const;
  /// Those whose time is over.
  void forget_over(Boottime now);

 private:
  struct Until {
    ports::FileIdentity file;
    Boottime at_least{};  ///< until then, whatever happens to it
    Boottime at_most{};   ///< until then, as long as it stays as it is
  };
  std::map<std::string, Until> by_name_;
};

}  // namespace sluice::pipeline
