#include "adapters/ledger/folder.hpp"
#include "ledger_contract.hpp"
#include "ledger_history_contract.hpp"
#include "ledger_jobs_contract.hpp"

namespace sluice {
namespace {

class SqliteLedgerMaker {
 public:
  SqliteLedgerMaker() { restart(); }
  ports::Ledger& ledger() { return folder_.ledger(); }
  template <class T>
  T wait(ports::Task<T> task) {
    return folder_.wait(std::move(task));
  }
  void restart() {
    const auto opened = folder_.open();
    if (!opened) throw std::runtime_error(opened.error().words);
  }

 private:
  adapters::ledger::LedgerFolder folder_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LedgerContract, SqliteLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LedgerHistoryContract, SqliteLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LedgerJobsContract, SqliteLedgerMaker);

}  // namespace
}  // namespace sluice
