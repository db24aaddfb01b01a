#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/temp_folder.hpp"
#include "postgresql/server.hpp"

namespace sluice::adapters::postgresql {

/// What becomes of the bytes that a client sends.
enum class Cut {
  none,
  request,  ///< they never arrive, and the connection breaks
  answer,   ///< they are carried out, and the connection breaks before the answer is back
  late,     ///< the connection breaks; they arrive when release() is called
};

/// Stands between a ledger and its server, and breaks a connection at one chosen moment.
class CuttingProxy {
 public:
  explicit CuttingProxy(std::string server_folder);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  /// The server, as it is reached through here.
  Server in(const std::string& database) const;
  /// At the next bytes from a client that hold this.
  void cut_at(const std::string& marker, Cut cut);
  /// Lets what was kept back arrive, and returns once the server has answered it.
  void release();

 private:
  void accept_all();
  void relay(int client);
  Cut cut_of(const std::string& bytes);

  TempFolder folder_;
  std::string server_folder_;
  int listener_;
  std::atomic<bool> ends_ = false;
  std::mutex mutex_;
  std::string marker_;
  Cut cut_ = Cut::none;
  int kept_server_ = -1;
  std::string kept_;
  std::vector<std::jthread> relays_;
  std::jthread acceptor_;  // last: it uses all of the above
};

}  // namespace sluice::adapters::postgresql
