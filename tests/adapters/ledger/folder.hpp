#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "adapters/temp_folder.hpp"
#include "sluice/adapters/ledger/ledger.hpp"

namespace sluice::adapters::ledger {

/// A ledger in a fresh folder, and an executor to ask it from.
class LedgerFolder {
 public:
  std::string path() const { return folder_ / "ledger"; }

  Result<void> open(const Options& options = {}) {
    ledger_.reset();
    auto opened = SqliteLedger::open(path(), options);
    if (!opened) return std::unexpected(opened.error());
    ledger_ = std::move(*opened);
    return {};
  }
  void close() { ledger_.reset(); }
  SqliteLedger& ledger() { return *ledger_; }

  template <class T>
  T wait(ports::Task<T> task) {
    std::optional<T> value;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T result) {
      if (error) std::rethrow_exception(error);
      value = std::move(result);
    });
    context.run();
    context.restart();
    return std::move(value).value();
  }

  template <class... Changes>
  Result<void> commit(Changes... changes) {
    std::vector<ports::Change> all;
    (all.emplace_back(std::move(changes)), ...);
    return wait(ledger().commit(std::move(all)));
  }

  boost::asio::io_context context;

 private:
  TempFolder folder_;
  std::unique_ptr<SqliteLedger> ledger_;
};

}  // namespace sluice::adapters::ledger
