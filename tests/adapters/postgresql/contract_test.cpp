#include "adapters/postgresql/ledger_database.hpp"
#include "ledger_contract.hpp"
#include "ledger_history_contract.hpp"
#include "ledger_jobs_contract.hpp"

namespace sluice {
namespace {

class PostgresLedgerMaker {
 public:
  PostgresLedgerMaker() { restart(); }
  ports::Ledger& ledger() { return *ledger_; }
  template <class T>
  T wait(ports::Task<T> task) {
    return database_.wait(std::move(task));
  }
  void restart() {
    ledger_.reset();
    ledger_ = database_.host();
  }

 private:
  adapters::postgresql::LedgerDatabase database_;
  std::unique_ptr<adapters::postgresql::PostgresLedger> ledger_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LedgerContract, PostgresLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LedgerHistoryContract, PostgresLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LedgerJobsContract, PostgresLedgerMaker);

}  // namespace
}  // namespace sluice
