#include "memory_ledger.hpp"

#include "fake_clock.hpp"
#include "ledger_contract.hpp"
#include "ledger_history_contract.hpp"
#include "ledger_jobs_contract.hpp"

namespace sluice {
namespace {

/// The ledger of these tests in the shape the contract's tests ask for.
class MemoryLedgerMaker {
 public:
  ports::Ledger& ledger() { return ledger_; }
  template <class T>
  T wait(ports::Task<T> task) {
    return clock_.run(std::move(task));
  }
  void restart() {}  // all of it is durable

 private:
  pipeline::FakeClock clock_;
  pipeline::MemoryLedger ledger_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, LedgerContract, MemoryLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, LedgerHistoryContract, MemoryLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, LedgerJobsContract, MemoryLedgerMaker);

}  // namespace
}  // namespace sluice
