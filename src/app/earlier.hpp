#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/control/client.hpp"
#include "sluice/pipeline/check_report.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::app {

/// What this spool remembers of earlier files, for `check`: asked of the process that runs, which whoever may drop
/// files may ask; where none runs, read in the ledger, which only sluice's own user can.
class Earlier final : public pipeline::EarlierFiles {
 public:
  /// Both outlive it.
  Earlier(const config::Settings& settings, ports::Clock& clock);
  ~Earlier() override;

  /// Why nothing is remembered here, in one line; empty: it is, or there is nothing to remember.
  const std::string& trouble() const { return trouble_; }
  ports::Task<std::vector<ports::Doubt>> doubts() const override;
  ports::Task<std::optional<std::string>> why_not_again(ports::ClaimedFile& file) const override;
  bool may_know_orders() const override;
  ports::Task<pipeline::PlacedBefore> placed_before(std::vector<std::string> elements) const override;

 private:
  Result<std::string> ask(control::Request request) const;

  const config::Settings& settings_;
  ports::Clock& clock_;
  std::optional<std::vector<ports::Doubt>> asked_;  ///< of the process; nothing: there is none to ask
  std::unique_ptr<ports::Ledger> ledger_;
  std::string trouble_;
};

}  // namespace sluice::app
