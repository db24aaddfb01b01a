#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "sluice/pipeline/errand.hpp"
#include "sluice/ports/hosts.hpp"

namespace sluice::pipeline {

/// What other hosts ask of this one, done in the order in which it came, and each errand once.
class Errands {
 public:
  /// Does one; the words are for who asked.
  using Doing = std::function<ports::Task<Result<std::string>>(Instruction what, ports::Errand errand)>;
  Errands(ports::Hosts& hosts, Doing doing) : hosts_(hosts), doing_(std::move(doing)) {}

  /// All that wait. What can't be asked or answered now is tried by the next call.
  ports::Task<void> do_all();

 private:
  ports::Task<Result<std::string>> said_of(ports::Errand errand);

  ports::Hosts& hosts_;
  Doing doing_;
  /// Done, and the answer may not have arrived: an errand that comes again is answered, and not done again. A process
  /// that forgets it by dying does it again, which says the same: no command does more when it comes twice.
  std::map<std::uint64_t, Result<std::string>> done_;
};

}  // namespace sluice::pipeline
