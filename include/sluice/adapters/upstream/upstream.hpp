#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>

#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/upstream.hpp"

namespace sluice::adapters::upstream {

class UpstreamCore;

/// The API's host over HTTP/1.1, with TLS 1.2 or later unless base_url says http. Lives on the executor's one thread.
/// Connections are kept for 4 s of idleness, or as long as the server's Keep-Alive header allows if that is less; until
/// then they keep a timer on the executor (cut() ends it). Redirects are never followed. A host's
/// addresses are raced (RFC 8305), and a connection that comes free is taken rather than waiting for a new one; the new
/// one is then kept for the next. The upstream outlives every connect() under way, connections may outlive the
/// upstream.
class BeastUpstream final : public ports::Upstream {
 public:
  /// Reads the credential and the CA file for the first time. Kind config: either can't be used, and why. `clock`
  /// outlives it and its connections.
  static Result<std::unique_ptr<BeastUpstream>> open(boost::asio::any_io_executor executor,
                                                     config::Settings::Upstream settings, const ports::Clock& clock);
  ~BeastUpstream() override;

  ports::Task<Result<std::unique_ptr<ports::Connection>>> connect() override;
  ports::Task<Result<bool>> refresh_credential() override;
  void cut() override;

  /// Takes over changed settings, and reads the CA file (and a changed credential source) again: for what connects from
  /// now on. Connections in use finish as they began; idle ones are closed. On an error (config) nothing has changed.
  Result<void> reconfigure(config::Settings::Upstream settings);

 private:
  explicit BeastUpstream(std::shared_ptr<UpstreamCore> core);
  std::shared_ptr<UpstreamCore> core_;
};

}  // namespace sluice::adapters::upstream
