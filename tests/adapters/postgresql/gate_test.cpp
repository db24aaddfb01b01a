#include "postgresql/gate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <vector>

#include "adapters/postgresql/server.hpp"
#include "adapters/set_clock.hpp"
#include "gate_contract.hpp"
#include "postgresql/connection.hpp"
#include "postgresql/membership.hpp"
#include "postgresql/schema.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using adapters::SetClock;
using adapters::postgresql::Connection;
using adapters::postgresql::PostgresServer;
using pacing::GateState;
using Store = std::unique_ptr<ports::GateStore>;

constexpr pacing::Rate kTen{10, 1s};

class RealClock final : public ports::Clock {
 public:
  Boottime now() const override { return adapters::clock::boottime_now(); }
  WallTime wall() const override { return {}; }
  std::uint64_t random() override { return 4; }
  std::unique_ptr<Timer> timer() override { return nullptr; }
};

/// A database with the schema, and hosts in it.
class SharedRow {
 public:
  explicit SharedRow(PostgresServer& server = PostgresServer::shared())
      : where_(server.in(server.create_database())), connection_(Connection::open(where_).value()) {
    if (auto made = migrate(connection_); !made) throw std::runtime_error(made.error().words);
  }
  std::uint32_t enter(const std::string& name) {
    return join(connection_, {.name = name, .spool = "/" + name, .shared = false, .machine = "here"}).value().number;
  }
  Result<Store> open(std::uint32_t number, const ports::Clock& clock, pacing::Rate rate = kTen) {
    return adapters::postgresql::open_gate(where_, number, rate, clock);
  }
  void sql(const std::string& statements) {
    if (auto done = connection_.script(statements); !done) throw std::runtime_error(done.error().words);
  }
  std::int64_t number(const std::string& query) { return connection_.run(query).value().number(0, 0); }

 private:
  adapters::postgresql::Server where_;
  Connection connection_;
};

/// Without the window that a gate waits whose past is unknown.
void forget_the_past(ports::GateStore& store) {
  const auto open = [](GateState& state, std::uint32_t) { state.closed_until = Boottime{}; };
  if (auto done = store.update(open); !done) throw std::runtime_error(done.error().words);
}

GateState state_of(ports::GateStore& store) {
  GateState seen;
  EXPECT_TRUE(store.update([&](GateState& state, std::uint32_t) { seen = state; }));
  return seen;
}

pacing::Take take(ports::GateStore& store, Boottime now) {
  pacing::Take taken;
  const auto result =
      store.update([&](GateState& state, std::uint32_t me) { taken = pacing::take(state, now, 1, me); });
  EXPECT_TRUE(result) << result.error().words;
  return result ? taken : pacing::Take{};
}

std::uint32_t open_of(const GateState& state, std::uint32_t participant) {
  std::uint32_t slots = 0;
  for (const auto& group : state.groups) slots += group.open[participant];
  return slots;
}

class PostgresGateMaker {
 public:
  PostgresGateMaker() { forget_the_past(*store_); }
  ports::GateStore& store() { return *store_; }
  Boottime now() { return clock_.time; }

 private:
  SetClock clock_;
  SharedRow row_;
  Store store_ = row_.open(row_.enter("a"), clock_).value();
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, GateContract, PostgresGateMaker);

class PostgresGate : public ::testing::Test {
 protected:
  RealClock clock;
  SharedRow row;
  std::uint32_t a = row.enter("a");
  std::uint32_t b = row.enter("b");
};

/// Takes slots until there are enough, as fast as it may; when each could have left.
std::vector<Boottime> use(ports::GateStore& store, const RealClock& clock, std::size_t slots) {
  std::vector<Boottime> used;
  while (used.size() < slots) {
    pacing::Take taken;
    const Boottime asked = clock.now();
    const auto take_one = [&](GateState& state, std::uint32_t me) { taken = pacing::take(state, asked, 1, me); };
    if (!store.update(take_one) || taken.slots == 0) {
      std::this_thread::yield();
      continue;
    }
    const Boottime left = clock.now();
    used.push_back(left);
    const auto settle = [&](GateState& state, std::uint32_t) { pacing::settle(state, taken.slot, left); };
    while (!store.update(settle)) std::this_thread::yield();
  }
  return used;
}

TEST_F(PostgresGate, TwoHostsTogetherNeverExceedTheWindow) {
  constexpr pacing::Rate kRate{10, 100ms};
  constexpr std::size_t kSlots = 60;
  auto first = row.open(a, clock, kRate).value();
  auto second = row.open(b, clock, kRate).value();
  std::vector<Boottime> theirs;
  std::jthread other([&] { theirs = use(*second, clock, kSlots); });
  auto all = use(*first, clock, kSlots);
  other.join();
  all.insert(all.end(), theirs.begin(), theirs.end());
  std::ranges::sort(all);
  for (std::size_t i = kRate.requests; i < all.size(); ++i)
    EXPECT_GE(all[i] - all[i - kRate.requests], kRate.per) << "slot " << i;
}

TEST_F(PostgresGate, ASlotTakesOneRoundTrip) {
  auto store = row.open(a, clock).value();
  forget_the_past(*store);
  row.sql(
      "CREATE SEQUENCE calls; ALTER FUNCTION use_gate RENAME TO real_gate;"
      "CREATE FUNCTION use_gate(a bytea, b bigint, c bigint, d bigint, OUT written bigint, OUT newest bigint,"
      "OUT newest_state bytea, OUT clock bigint, OUT alive bigint, OUT last_write bigint) LANGUAGE sql AS "
      "'SELECT nextval(''sluice.calls''); SELECT * FROM sluice.real_gate(a, b, c, d)'");
  EXPECT_EQ(take(*store, clock.now()).slots, 1);
  EXPECT_EQ(row.number("SELECT last_value FROM calls"), 1);
  EXPECT_EQ(take(*store, clock.now()).slots, 0) << "a gap away, which is known";
  EXPECT_EQ(row.number("SELECT last_value FROM calls"), 1);
}

TEST_F(PostgresGate, AChangeThatAnotherHostForestalledIsMadeAgainOnWhatThatOneLeft) {
  auto first = row.open(a, clock).value();
  auto second = row.open(b, clock).value();
  ASSERT_TRUE(first->update([](GateState& state, std::uint32_t) { state.widening = 2.0; }));
  const auto more = [](GateState& state, std::uint32_t) { state.widening += 0.5; };
  ASSERT_TRUE(second->update(more));
  ASSERT_TRUE(first->update(more));
  EXPECT_EQ(state_of(*first).widening, 3.0);
}

TEST(PostgresGateClock, GivesNoSlotBeforeTheDatabasesClockReachesItsStart) {
  SetClock clock;
  SharedRow row;
  auto store = row.open(row.enter("a"), clock).value();
  clock.time += 10s;  // this host's clock is past the window that a new gate waits; the database's is not
  EXPECT_EQ(take(*store, clock.time).slots, 0);
  EXPECT_EQ(open_of(state_of(*store), 0), 0);
}

TEST_F(PostgresGate, SlotsOfAHostAreBuriedOnceItsLeaseIsOver) {
  auto first = row.open(a, clock).value();
  auto second = row.open(b, clock).value();
  forget_the_past(*first);
  ASSERT_EQ(take(*first, clock.now()).slots, 1);
  ASSERT_TRUE(second->update([](GateState& state, std::uint32_t) { state.widening = 1.5; }));
  EXPECT_EQ(open_of(state_of(*second), a), 1) << "it lives";
  row.sql("UPDATE hosts SET lease_until = clock_timestamp() WHERE name = 'a'");
  ASSERT_TRUE(second->update([](GateState& state, std::uint32_t) { state.widening = 2.0; }));
  const auto seen = state_of(*second);
  EXPECT_EQ(open_of(seen, a), 0);
  const auto latest = std::ranges::max(seen.groups, {}, &pacing::Group::anchor).anchor;
  EXPECT_GT(latest, clock.now()) << "its last bytes may have left this very moment";
}

TEST_F(PostgresGate, AHostThatBeginsAnewBuriesWhatItsPredecessorLeftOpen) {
  auto first = row.open(a, clock).value();
  forget_the_past(*first);
  ASSERT_EQ(take(*first, clock.now()).slots, 1);
  auto again = row.open(a, clock).value();
  EXPECT_EQ(open_of(state_of(*again), a), 0);
}

TEST_F(PostgresGate, AnotherRateIsRefusedWhileAnotherHostLivesAndTakenOnceNoneDoes) {
  auto first = row.open(a, clock).value();
  const auto refused = row.open(b, clock, {20, 1s});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_TRUE(text::in(text::Lang::en, refused.error().words).contains("give all hosts the same rate"));
  row.sql("UPDATE hosts SET lease_until = clock_timestamp() WHERE name = 'a'");
  auto second = row.open(b, clock, {20, 1s});
  ASSERT_TRUE(second) << second.error().words;
  EXPECT_EQ(state_of(**second).rate.requests, 20);
}

TEST_F(PostgresGate, DamagedBytesStartOverAfterOneWindow) {
  row.sql("UPDATE gate SET state = 'rubbish', version = version + 1");
  auto store = row.open(a, clock).value();
  EXPECT_EQ(take(*store, clock.now()).slots, 0);
  EXPECT_GT(state_of(*store).closed_until, clock.now());
}

TEST(PostgresGateServer, AnotherRunOfItIsAnotherBoot) {
  PostgresServer server;
  RealClock clock;
  SharedRow row(server);
  auto store = row.open(row.enter("a"), clock).value();
  forget_the_past(*store);
  ASSERT_EQ(take(*store, clock.now()).slots, 1);
  server.stop("immediate");
  const auto lost = store->update([](GateState& state, std::uint32_t) { state.widening = 3.0; });
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::io);
  server.start();
  GateState seen;
  const auto look = [&](GateState& state, std::uint32_t) { seen = state; };
  while (!store->update(look)) std::this_thread::sleep_for(10ms);
  EXPECT_GT(seen.closed_until, clock.now()) << "it waits one window";
  EXPECT_EQ(open_of(seen, 0), 0);
}

}  // namespace
}  // namespace sluice
