#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>
#include <vector>

#include "sluice/adapters/spool/remains.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::adapters::spool {

/// The spool on POSIX files. Folders are reached by descriptors and names by single components, so neither `..` nor a
/// symbolic link leads out. File work runs on threads of its own, which the destructor joins; everything else belongs
/// to the executor's thread, of which there is one. Clock and executor outlive the spool, and the spool outlives what
/// it handed out. Not cancelled: a cancelled caller hears after the work is done.
class PosixSpool final : public ports::Spool {
 public:
  /// Makes missing folders (2770, setgid; state/ 0700), takes the lock and tries whether the folders can rename into
  /// each other without replacing. `host`: this one's name, where others work the same spool (docs/several-hosts.md);
  /// empty: it is alone. Kinds: `busy` (exit 75), `no_space`, `config` (exit 78; the words say which folder and why).
  static Result<std::unique_ptr<PosixSpool>> open(const std::string& spool, config::Settings::Inbox inbox,
                                                  ports::Clock& clock, boost::asio::any_io_executor executor,
                                                  const std::string& host = {});
  /// For commands that only look: no lock, nothing is made or tried. A missing folder is kind `config`.
  static Result<std::unique_ptr<PosixSpool>> open_to_look(const std::string& spool, config::Settings::Inbox inbox,
                                                          ports::Clock& clock, boost::asio::any_io_executor executor);
  ~PosixSpool() override;

  /// From the next scan on.
  void reload(config::Settings::Inbox inbox);
  /// What is in state/, by job: for `recover`.
  ports::Task<Result<std::vector<Remains>>> remains();

  const std::string& secret() const override;  ///< empty: opened only to look
  /// Before anything is marked: that of the account whose hosts know each other's orders again, in place of
  /// state/secret.
  void use_secret(std::string accounts);
  ports::Task<void> wait_for_change(Boottime until) override;
  void wake() override;
  std::string hints_trouble() const override;
  ports::Task<Result<ports::InboxScan>> scan() override;
  ports::Task<Result<std::unique_ptr<ports::Candidate>>> open(ports::InboxEntry entry) override;
  ports::Task<Result<std::vector<JobId>>> claimed() override;
  ports::Task<Result<bool>> claim_completed(JobId job, std::string name, ports::FileIdentity source) override;
  ports::Task<Result<std::unique_ptr<ports::ClaimedFile>>> read(JobId job) override;
  ports::Task<Result<std::unique_ptr<ports::Output>>> create(JobId job, ports::OutputKind kind) override;
  ports::Task<Result<void>> discard(JobId job) override;
  ports::Task<Result<void>> publish(JobId job, std::string dropped_name) override;
  ports::Task<Result<void>> archive(JobId job, std::string dropped_name) override;
  ports::Task<Result<void>> reject(JobId job, std::string dropped_name, std::string reason) override;
  ports::Task<Result<void>> progress(JobId job, std::string dropped_name, std::string line) override;
  ports::Task<Result<std::size_t>> remove(JobId job, std::string dropped_name, ports::Kept kept) override;
  ports::Task<Result<std::uint64_t>> free_bytes() override;

 private:
  class Impl;
  explicit PosixSpool(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::spool
