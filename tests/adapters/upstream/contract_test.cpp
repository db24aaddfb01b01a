#include "upstream_contract.hpp"

#include <boost/asio/post.hpp>

#include "adapters/upstream/fixture.hpp"

namespace sluice {
namespace {

using adapters::upstream::kReadRequest;
using adapters::upstream::kReset;
using adapters::upstream::kUntilHungUp;
using adapters::upstream::Script;

/// An upstream against a real socket. The fixture of the other tests, used as a part.
class BeastMaker : public adapters::upstream::UpstreamTest {
 public:
  void answer() { play({kReadRequest, adapters::upstream::send(adapters::upstream::answer("{}"))}); }
  void reset() { play({kReadRequest, kReset}); }
  void stall() { play({kReadRequest, kUntilHungUp}); }
  ports::Upstream& upstream() { return *upstream_; }
  void soon(std::function<void()> what) { boost::asio::post(context_, std::move(what)); }
  template <class T>
  T wait(ports::Task<T> task) {
    return finish(std::move(task));
  }

 private:
  void play(const Script& script) {
    peer_ = std::make_unique<adapters::upstream::ScriptedPeer>(context_, std::vector<Script>{script});
    open(settings(peer_->url()));
  }
  void TestBody() override {}

  std::unique_ptr<adapters::upstream::ScriptedPeer> peer_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(OverSockets, UpstreamContract, BeastMaker);

}  // namespace
}  // namespace sluice
