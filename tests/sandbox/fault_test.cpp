#include "sandbox/fault.hpp"

#include <gmock/gmock.h>

#include <set>

namespace sluice::sandbox {
namespace {

FaultPlan plan(std::initializer_list<const char*> specs, std::uint64_t seed = 1) {
  std::vector<Fault> faults;
  for (const auto* spec : specs) faults.push_back(parse_fault(spec).value());
  return {std::move(faults), seed, 1};
}

TEST(Fault, IsReadWithItsRange) {
  const Fault fault = parse_fault("502@5-10").value();
  EXPECT_EQ(fault.kind.status, 502);
  EXPECT_FALSE(fault.kind.applied);
  EXPECT_EQ(fault.from, 5U);
  EXPECT_EQ(fault.to, 10U);
  EXPECT_EQ(parse_fault("hang@7").value().to, 7U);
  EXPECT_EQ(parse_fault("hang@7-").value().to, std::numeric_limits<std::uint64_t>::max());
}

TEST(Fault, OfEachKindInTheTableIsRead) {
  std::set<std::string_view> names;
  for (const FaultKind& kind : fault_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    const auto fault = parse_fault(std::string(kind.name) + ":0.5@2-3");
    ASSERT_TRUE(fault) << kind.name;
    EXPECT_EQ(fault->kind.name, kind.name);
    EXPECT_EQ(fault->kind.applied, kind.applied);
  }
}

TEST(Fault, CanBeTurnedRound) {
  EXPECT_TRUE(parse_fault("502-applied").value().kind.applied);
  EXPECT_FALSE(parse_fault("truncate-unapplied").value().kind.applied);
}

TEST(Fault, OfAnOrderHasItsStatus) {
  const Fault fault = parse_fault("status9:0.25").value();
  EXPECT_EQ(fault.order_status, 9);
  EXPECT_DOUBLE_EQ(fault.chance, 0.25);
  EXPECT_FALSE(fault.kind.applied);
  EXPECT_TRUE(parse_fault("status9-applied").value().kind.applied);
}

TEST(Fault, ThatIsNoneIsRefusedWithTheNamesThereAre) {
  const auto refused = parse_fault("fire");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().words, testing::HasSubstr("reset-after"));
  for (const auto* spec : {"", "502:", "502:2", "502:-1", "502@", "502@x", "502@5-x", "99", "700", "too-large",
                           "too-large:x", "status", "statusx", "502:0.1:0.2"}) {
    EXPECT_FALSE(parse_fault(spec)) << spec;
  }
}

TEST(FaultPlan, StrikesItsRangeOnlyAndTheFirstFaultWins) {
  const FaultPlan both = plan({"502@2-3", "503@3-4"});
  EXPECT_EQ(both.for_request(1, 1), nullptr);
  EXPECT_EQ(both.for_request(2, 1)->kind.status, 502);
  EXPECT_EQ(both.for_request(3, 1)->kind.status, 502);
  EXPECT_EQ(both.for_request(4, 1)->kind.status, 503);
  EXPECT_EQ(both.for_request(5, 1), nullptr);
}

TEST(FaultPlan, CountsItsRangesFromWhenItWasMade) {
  const FaultPlan later({parse_fault("502@1").value()}, 1, 41);
  EXPECT_NE(later.for_request(41, 1), nullptr);
  EXPECT_EQ(later.for_request(42, 1), nullptr);
}

TEST(FaultPlan, FindsOnlyRequestsOfMoreOrdersTooLarge) {
  const FaultPlan large = plan({"too-large:20"});
  EXPECT_EQ(large.for_request(1, 20), nullptr);
  EXPECT_EQ(large.for_request(1, 21)->kind.status, 413);
}

TEST(FaultPlan, KeepsChancesToTheirShareAndRepeatsThemBySeed) {
  const FaultPlan some = plan({"502:0.1", "status9:0.5"});
  const FaultPlan again = plan({"502:0.1", "status9:0.5"});
  const FaultPlan other = plan({"502:0.1", "status9:0.5"}, 2);
  int struck = 0;
  int orders = 0;
  int differing = 0;
  for (std::uint64_t number = 1; number <= 10'000; ++number) {
    const bool strikes = some.for_request(number, 1) != nullptr;
    EXPECT_EQ(strikes, again.for_request(number, 1) != nullptr);
    differing += strikes != (other.for_request(number, 1) != nullptr) ? 1 : 0;
    struck += strikes ? 1 : 0;
    orders += some.for_order(number, number % 50) != nullptr ? 1 : 0;
  }
  EXPECT_NEAR(struck, 1000, 150);
  EXPECT_NEAR(orders, 5000, 300);
  EXPECT_GT(differing, 1000);
}

}  // namespace
}  // namespace sluice::sandbox
