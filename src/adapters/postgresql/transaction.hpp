#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "postgresql/connection.hpp"
#include "postgresql/membership.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::postgresql {

/// Some commits as one transaction and one round trip. Begins by proving that this host was not taken over, and by
/// writing the commit's number where it can be asked for (Store).
class Transaction {
 public:
  /// `revision`: the newest of what others may change that this host has read.
  Transaction(Connection& connection, const Membership& host, std::uint64_t number, std::uint64_t revision);

  void add(const ports::Changes& changes);
  /// An error says that nothing was applied, unless the connection is no longer alive: then nobody knows.
  Result<void> commit();

  /// After commit(): the revision of its last change of what others go by; 0: it changed nothing of that.
  std::uint64_t last_revision() const { return last_revision_; }
  std::uint64_t revisions() const { return bumps_.size(); }

 private:
  friend class Applier;
  std::size_t queue(std::string_view sql, const Arguments& arguments = {});

  Connection& connection_;
  const Membership& host_;
  std::uint64_t revision_;
  std::size_t queued_ = 0;
  std::vector<std::size_t> bumps_;  ///< which statements' results are revisions
  bool others_wait_ = false;        ///< keys come free, or what others go by changes
  std::uint64_t last_revision_ = 0;
};

/// Whether it holds the keys of its orders: some request may have carried them, or is about to.
bool holds_keys(const ports::Batch& batch);

}  // namespace sluice::adapters::postgresql
