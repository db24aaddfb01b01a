#include "sluice/adapters/upstream/upstream.hpp"

#include <utility>

#include "upstream/core.hpp"
#include "upstream/tls.hpp"

namespace sluice::adapters::upstream {

namespace {

Result<std::shared_ptr<const Peer>> peer_of(const config::Settings::Upstream& settings) {
  auto url = config::read_base_url(settings.base_url);
  if (!url) return fail(ErrorKind::config, "upstream.base_url: " + url.error());
  auto peer = std::make_shared<Peer>(Peer{.url = std::move(*url),
                                          .ca_file = settings.ca_file,
                                          .connect_timeout = settings.connect_timeout,
                                          .response_timeout = settings.response_timeout,
                                          .tls = nullptr});
  if (!peer->url.tls) return peer;
  auto tls = tls_context(settings.ca_file);
  if (!tls) return std::unexpected(std::move(tls.error()));
  peer->tls = std::move(*tls);
  return peer;
}

bool same(const config::CredentialSource& a, const config::CredentialSource& b) {
  return a.from == b.from && a.name == b.name;
}

}  // namespace

BeastUpstream::BeastUpstream(std::shared_ptr<UpstreamCore> core) : core_(std::move(core)) {}
BeastUpstream::~BeastUpstream() {
  core_->end_openings();
}

Result<std::unique_ptr<BeastUpstream>> BeastUpstream::open(boost::asio::any_io_executor executor,
                                                           config::Settings::Upstream settings,
                                                           const ports::Clock& clock) {
  auto peer = peer_of(settings);
  if (!peer) return std::unexpected(std::move(peer.error()));
  auto credential = Credential::open(settings.authorization);
  if (!credential) return std::unexpected(std::move(credential.error()));
  auto core = std::make_shared<UpstreamCore>(std::move(executor), clock, std::move(*peer), std::move(*credential));
  return std::unique_ptr<BeastUpstream>(new BeastUpstream(std::move(core)));
}

Result<void> BeastUpstream::reconfigure(config::Settings::Upstream settings) {
  auto peer = peer_of(settings);
  if (!peer) return std::unexpected(std::move(peer.error()));
  if (!same(settings.authorization, core_->credential.source())) {
    auto credential = Credential::open(settings.authorization);
    if (!credential) return std::unexpected(std::move(credential.error()));
    core_->credential = std::move(*credential);
  }
  core_->take_over(std::move(*peer));
  return {};
}

ports::Task<Result<std::unique_ptr<ports::Connection>>> BeastUpstream::connect() {
  return core_->connect();
}

ports::Task<Result<bool>> BeastUpstream::refresh_credential() {
  co_return core_->credential.refresh();
}

void BeastUpstream::cut() {
  core_->cut();
}

}  // namespace sluice::adapters::upstream
