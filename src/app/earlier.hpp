#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/control/client.hpp"
#include "sluice/pipeline/placed_before.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::app {

/// What this spool remembers of earlier files, for `check`: asked of the process that runs, which whoever may drop
/// files may ask; where none runs, read in the ledger, which only sluice's own user can.
class Earlier {
 public:
  /// Both outlive it.
  Earlier(const config::Settings& settings, ports::Clock& clock);
  ~Earlier();

  /// Why nothing is remembered here, in one line; empty: it is, or there is nothing to remember.
  const std::string& trouble() const { return trouble_; }
  ports::Task<std::vector<ports::Doubt>> doubts() const;
  /// Why a file of this content would be rejected. Nothing: it would not, or it can't be read.
  ports::Task<std::optional<std::string>> why_not_again(ports::ClaimedFile& file) const;
  /// Whether there is anybody to ask of them at all.
  bool may_know_orders() const;
  /// Of these orders (orders::Order::element() of each), those that earlier jobs had accepted; none, where that is not
  /// known.
  ports::Task<pipeline::PlacedBefore> placed_before(std::vector<std::string> elements) const;

 private:
  Result<std::string> ask(control::Request request) const;

  const config::Settings& settings_;
  ports::Clock& clock_;
  std::optional<std::vector<ports::Doubt>> asked_;  ///< of the process; nothing: there is none to ask
  std::unique_ptr<ports::Ledger> ledger_;
  std::string trouble_;
};

}  // namespace sluice::app
