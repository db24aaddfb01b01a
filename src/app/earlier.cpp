#include "earlier.hpp"

#include <fmt/format.h>

#include <utility>

#include "ledger_to_look.hpp"
#include "machine.hpp"
#include "sluice/adapters/spool/look_at_secret.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/control/client.hpp"
#include "sluice/control/find.hpp"
#include "sluice/control/resolution_json.hpp"
#include "sluice/pipeline/came_before.hpp"
#include "sluice/text/words/check.hpp"
#include "spool_owner.hpp"

namespace sluice::app {

Earlier::Earlier(const config::Settings& settings, ports::Clock& clock) : settings_(settings), clock_(clock) {
  const auto json = ask({.method = "GET", .target = "/doubts"});
  auto doubts = json ? control::parse_doubts(*json) : std::unexpected(json.error());
  if (doubts) {
    asked_ = std::move(*doubts);
    return;
  }
  if (doubts.error().kind != ErrorKind::missing) {
    trouble_ = text::words::earlier_unknown(doubts.error().words);
    return;
  }
  auto ledger = ledger_to_look(settings);
  if (ledger) {
    ledger_ = std::move(*ledger);
  } else if (may_not_enter_state(settings.spool)) {
    trouble_ = text::words::earlier_unknown(text::words::nobody_to_ask());
  } else if (ledger.error().kind != ErrorKind::missing) {
    trouble_ = text::words::earlier_unknown(ledger.error().words);
  }
}

Earlier::~Earlier() = default;

Result<std::string> Earlier::ask(control::Request request) const {
  const auto socket = socket_path(settings_);
  return control::ask(socket, request, owner_of(settings_.spool, socket));
}

ports::Task<std::vector<ports::Doubt>> Earlier::doubts() const {
  if (asked_) co_return *asked_;
  if (!ledger_) co_return std::vector<ports::Doubt>{};
  auto doubts = co_await ledger_->doubts(clock_.wall());
  co_return doubts ? std::move(*doubts) : std::vector<ports::Doubt>{};
}

bool Earlier::may_know_orders() const {
  return settings_.guard.placed_before != config::PlacedBefore::send && (asked_ || ledger_);
}

ports::Task<pipeline::PlacedBefore> Earlier::placed_before(std::vector<std::string> elements) const {
  if (!may_know_orders() || elements.empty()) co_return pipeline::PlacedBefore{};
  if (asked_) {
    const auto json = ask({.method = "POST", .target = "/placed", .body = control::elements_json(elements)});
    auto placed = json ? control::parse_placed(*json) : std::unexpected(json.error());
    co_return placed ? std::move(*placed) : pipeline::PlacedBefore{};
  }
  const auto secret = ledger_ ? adapters::spool::look_at_secret(settings_.spool) : "";
  if (secret.empty()) co_return pipeline::PlacedBefore{};
  const auto since = clock_.wall() - settings_.keep.orders;
  auto placed = co_await pipeline::placed_before(*ledger_, pipeline::marks_of(secret, elements), since, std::nullopt);
  co_return placed ? std::move(*placed) : pipeline::PlacedBefore{};
}

ports::Task<std::optional<std::string>> Earlier::why_not_again(ports::ClaimedFile& file) const {
  const auto& inbox = settings_.inbox;
  if ((!asked_ && !ledger_) || inbox.duplicate_file == config::DuplicateFile::process) co_return std::nullopt;
  const auto hash = co_await file.content_hash();
  if (!hash) co_return std::nullopt;  // the survey will say why it can't be read
  const auto since = clock_.wall() - inbox.duplicate_window;
  if (asked_) {
    const auto json = ask({.method = "GET", .target = fmt::format("/content/{}/{}", *hash, rfc3339(since))});
    const auto why = json ? control::parse_why(*json) : std::unexpected(json.error());
    co_return why && !why->empty() ? std::optional(*why) : std::nullopt;
  }
  auto why = co_await pipeline::why_not_again(*ledger_, *hash, since, clock_.wall(), std::nullopt);
  co_return why ? *std::move(why) : std::nullopt;
}

}  // namespace sluice::app
