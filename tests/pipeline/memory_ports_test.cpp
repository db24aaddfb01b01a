// The ports in memory that the pipeline's tests stand on, held to what the real ones promise.
#include <boost/asio/post.hpp>

#include "claimed_file_contract.hpp"
#include "clock_contract.hpp"
#include "fake_clock.hpp"
#include "gate_contract.hpp"
#include "memory_file.hpp"
#include "memory_gate.hpp"
#include "scripted_upstream.hpp"
#include "upstream_contract.hpp"

namespace sluice {
namespace {

class MemoryGateMaker {
 public:
  ports::GateStore& store() { return store_; }
  Boottime now() { return clock_.now(); }

 private:
  pipeline::FakeClock clock_;
  pipeline::MemoryGate store_{clock_.now()};
};

class MemoryFileMaker {
 public:
  ports::ClaimedFile& file() { return file_; }
  void change(std::string bytes) { file_.change(std::move(bytes)); }
  template <class T>
  T wait(ports::Task<T> task) {
    return clock_.run(std::move(task));
  }

 private:
  pipeline::FakeClock clock_;
  pipeline::MemoryFile file_{kClaimedBytes};
};

class FakeClockMaker {
 public:
  ports::Clock& clock() { return clock_; }
  template <class T>
  T wait(ports::Task<T> task) {
    return clock_.run(std::move(task));
  }

 private:
  pipeline::FakeClock clock_;
};

class ScriptedUpstreamMaker {
 public:
  void answer() {}
  void reset() {
    api_.script = [](const auto&) { return pipeline::ScriptedUpstream::lost(); };
  }
  void stall() { api_.latency = std::chrono::hours(24); }
  ports::Upstream& upstream() { return api_; }
  void soon(std::function<void()> what) { boost::asio::post(clock_.io(), std::move(what)); }
  template <class T>
  T wait(ports::Task<T> task) {
    return clock_.run(std::move(task));
  }

 private:
  pipeline::FakeClock clock_;
  std::vector<std::string> deeds_;
  pipeline::ScriptedUpstream api_{clock_, deeds_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, UpstreamContract, ScriptedUpstreamMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, ClockContract, FakeClockMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, GateContract, MemoryGateMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, ClaimedFileContract, MemoryFileMaker);

}  // namespace
}  // namespace sluice
