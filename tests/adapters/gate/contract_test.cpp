#include "adapters/set_clock.hpp"
#include "adapters/temp_folder.hpp"
#include "gate_contract.hpp"
#include "sluice/adapters/gate/file.hpp"

namespace sluice {
namespace {

class GateFileMaker {
 public:
  GateFileMaker() { clock_.time += std::chrono::seconds(2); }  // a new file's past is unknown: it waits a window
  ports::GateStore& store() { return *store_; }
  Boottime now() { return clock_.time; }

 private:
  adapters::TempFolder folder_;
  adapters::SetClock clock_;
  std::unique_ptr<ports::GateStore> store_ =
      adapters::gate::open_file({.path = folder_ / "gate", .rate = {10, std::chrono::seconds(1)}, .mode = 0600}, clock_)
          .value();
};

INSTANTIATE_TYPED_TEST_SUITE_P(File, GateContract, GateFileMaker);

}  // namespace
}  // namespace sluice
