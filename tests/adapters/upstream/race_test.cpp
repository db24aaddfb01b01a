#include "adapters/upstream/race.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/upstream/lookup.hpp"

namespace sluice::adapters::upstream {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// An address that swallows every SYN: a listener whose queue is full.
class SilentListener {
 public:
  explicit SilentListener(asio::io_context& context) : acceptor_(context) {
    acceptor_.open(tcp::v4());
    acceptor_.bind({asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(0);
    for (int i = 0; i < 4; ++i) {
      fillers_.emplace_back(context, tcp::v4());
      fillers_.back().native_non_blocking(true);
      const Endpoint to = endpoint();
      ::connect(fillers_.back().native_handle(), to.data(), static_cast<socklen_t>(to.size()));  // in progress for good
    }
  }
  Endpoint endpoint() const { return acceptor_.local_endpoint(); }

 private:
  tcp::acceptor acceptor_;
  std::vector<tcp::socket> fillers_;
};

class AddressRace : public testing::Test {
 protected:
  struct Outcome {
    std::optional<tcp::socket> socket;
    Nanos took{};
  };

  std::shared_ptr<std::optional<Outcome>> start(const std::shared_ptr<Race>& race, Millis patience) {
    auto outcome = std::make_shared<std::optional<Outcome>>();
    const auto begun = std::chrono::steady_clock::now();
    asio::co_spawn(context_, race->run(begun + patience),
                   [outcome, begun](const std::exception_ptr& failed, std::optional<tcp::socket> socket) {
                     if (failed) std::rethrow_exception(failed);
                     *outcome = Outcome{std::move(socket), std::chrono::steady_clock::now() - begun};
                   });
    return outcome;
  }
  Outcome run(const std::shared_ptr<Race>& race, Millis patience = 1min) {
    const auto outcome = start(race, patience);
    context_.restart();
    while (!outcome->has_value() && context_.run_one() > 0) {
    }
    return std::move(**outcome);
  }
  std::shared_ptr<Race> race(std::vector<Endpoint> endpoints) {
    return std::make_shared<Race>(context_.get_executor(), std::move(endpoints));
  }
  Endpoint closed_port() {
    tcp::acceptor gone(context_, {asio::ip::address_v4::loopback(), 0});
    return gone.local_endpoint();
  }

  asio::io_context context_;
  tcp::acceptor listener_{context_, {asio::ip::address_v4::loopback(), 0}};
  Endpoint live_ = listener_.local_endpoint();
};

TEST_F(AddressRace, ASilentFirstAddressCostsAQuarterOfASecond) {
  const SilentListener silent(context_);
  const auto two = race({silent.endpoint(), live_});
  const auto outcome = run(two);
  ASSERT_TRUE(outcome.socket) << two->error().message();
  EXPECT_EQ(outcome.socket->remote_endpoint(), live_);
  EXPECT_GE(outcome.took, 250ms);
  ASSERT_EQ(two->passed().size(), 1U);
  EXPECT_EQ(two->passed()[0].endpoint, silent.endpoint());
  EXPECT_FALSE(two->passed()[0].error);
}

TEST_F(AddressRace, AnAddressThatRefusesGivesWayAtOnce) {
  Nanos quickest = 1h;  // of many: the machine may be busy
  for (int i = 0; quickest >= 250ms && i < 100; ++i) {
    const auto two = race({closed_port(), live_});
    const auto outcome = run(two);
    ASSERT_TRUE(outcome.socket);
    EXPECT_EQ(two->passed()[0].error, asio::error::connection_refused);
    quickest = std::min<Nanos>(quickest, outcome.took);
  }
  EXPECT_LT(quickest, 250ms);
}

TEST_F(AddressRace, TheFirstAddressWinsWhereItAnswersAndNoOtherIsAsked) {
  tcp::acceptor other(context_, {asio::ip::address_v4::loopback(), 0});
  const auto two = race({live_, other.local_endpoint()});
  ASSERT_TRUE(run(two).socket);
  EXPECT_EQ(two->winner(), live_);
  EXPECT_THAT(two->passed(), IsEmpty());
  other.non_blocking(true);
  boost::system::error_code nobody;
  other.accept(nobody);
  EXPECT_EQ(nobody, asio::error::would_block);
}

TEST_F(AddressRace, WhereNoAddressAnswersItSaysWhy) {
  const auto refused = race({closed_port(), closed_port()});
  EXPECT_FALSE(run(refused).socket);
  EXPECT_EQ(refused->error(), asio::error::connection_refused);
  const SilentListener silent(context_);
  const auto late = race({silent.endpoint()});
  EXPECT_FALSE(run(late, 20ms).socket);
  EXPECT_EQ(late->error(), asio::error::operation_aborted);
}

TEST_F(AddressRace, StoppingEndsItAtOnce) {
  const SilentListener silent(context_);
  const auto one = race({silent.endpoint()});
  const auto outcome = start(one, 1h);
  context_.restart();
  context_.poll();
  one->stop();
  context_.restart();
  while (!outcome->has_value() && context_.run_one() > 0) {
  }
  EXPECT_FALSE((*outcome)->socket);
}

Endpoint at(const char* address) {
  return {asio::ip::make_address(address), 443};
}

TEST(LoopbackOf, PlainHttpGoesNowhereElseWhateverTheNameResolvesTo) {
  EXPECT_THAT(loopback_of({at("192.0.2.1"), at("127.0.0.1"), at("::1"), at("127.9.9.9")}),
              ElementsAre(at("127.0.0.1"), at("::1"), at("127.9.9.9")));
  EXPECT_THAT(loopback_of({at("192.0.2.1"), at("2001:db8::1"), at("0.0.0.0")}), IsEmpty());
}

TEST(KnownAddresses, FamiliesTakeTurnsBeginningWithTheResolversFirst) {
  const KnownAddresses known;
  EXPECT_THAT(known.in_order({at("2001:db8::1"), at("2001:db8::2"), at("2001:db8::3"), at("192.0.2.1")}),
              ElementsAre(at("2001:db8::1"), at("192.0.2.1"), at("2001:db8::2"), at("2001:db8::3")));
  EXPECT_THAT(known.in_order({at("192.0.2.1"), at("192.0.2.2"), at("2001:db8::1")}),
              ElementsAre(at("192.0.2.1"), at("2001:db8::1"), at("192.0.2.2")));
  EXPECT_THAT(known.in_order({}), IsEmpty());
}

TEST(KnownAddresses, TheOneThatWorkedIsTriedFirstAsLongAsTheNameHasIt) {
  KnownAddresses known;
  known.learn(at("192.0.2.2"), {{at("192.0.2.1"), {}}});
  EXPECT_THAT(known.in_order({at("192.0.2.1"), at("192.0.2.2")}), ElementsAre(at("192.0.2.2"), at("192.0.2.1")));
  EXPECT_THAT(known.in_order({at("192.0.2.1"), at("192.0.2.3")}), ElementsAre(at("192.0.2.1"), at("192.0.2.3")));
}

TEST(KnownAddresses, AnAddressThatStaysDeadIsSaidOnce) {
  KnownAddresses known;
  const std::vector<Race::Passed> silent{{at("192.0.2.1"), {}}};
  EXPECT_THAT(known.learn(at("192.0.2.2"), silent), ElementsAre(HasSubstr("192.0.2.1 does not answer")));
  EXPECT_THAT(known.learn(at("192.0.2.2"), silent), IsEmpty());
  EXPECT_THAT(known.learn(at("192.0.2.1"), {}), IsEmpty());
  EXPECT_THAT(known.learn(at("192.0.2.2"), silent).size(), 1U) << "it lived in between";
}

}  // namespace
}  // namespace sluice::adapters::upstream
