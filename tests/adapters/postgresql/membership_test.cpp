#include "postgresql/membership.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "adapters/postgresql/server.hpp"
#include "postgresql/schema.hpp"

namespace sluice::adapters::postgresql {
namespace {

class PostgresMembership : public testing::Test {
 protected:
  PostgresMembership() {
    if (auto made = migrate(connection); !made) throw std::runtime_error(made.error().words);
  }
  Result<Membership> enter(const std::string& name, const std::string& machine = "here") {
    return join(connection, {.name = name, .spool = "/spool", .shared = false, .machine = machine});
  }

  PostgresServer& server = PostgresServer::shared();
  Connection connection = Connection::open(server.in(server.create_database())).value();
};

TEST_F(PostgresMembership, EachStartHasAnEpochOfItsOwnAndKeepsItsNumber) {
  const auto first = enter("a");
  ASSERT_TRUE(first) << first.error().words;
  const auto other = enter("b");
  const auto second = enter("a");
  ASSERT_TRUE(other && second);
  EXPECT_LT(first->epoch, other->epoch);
  EXPECT_LT(other->epoch, second->epoch);
  EXPECT_EQ(first->number, second->number);
  EXPECT_NE(first->number, other->number);
  EXPECT_EQ(renew(connection, *first).error().kind, ErrorKind::fenced) << "its name began anew";
  EXPECT_TRUE(renew(connection, *second));
}

TEST_F(PostgresMembership, ANameThatAnotherMachineWorksUnderIsRefusedUntilItsLeaseIsOver) {
  const auto first = enter("a", "here");
  ASSERT_TRUE(first);
  EXPECT_EQ(enter("a", "there").error().kind, ErrorKind::busy);
  ASSERT_TRUE(resign(connection, *first));
  EXPECT_TRUE(enter("a", "there"));
}

TEST_F(PostgresMembership, SixteenHostsHaveANumberAndTheNextOneOnlyOnceOneIsLongGone) {
  std::set<std::uint32_t> numbers;
  for (int i = 0; i < 16; ++i) numbers.insert(enter("h" + std::to_string(i)).value().number);
  EXPECT_EQ(numbers.size(), 16);
  EXPECT_EQ(enter("late").error().kind, ErrorKind::config);
  ASSERT_TRUE(connection.script("UPDATE hosts SET lease_until = now() - interval '2 days' WHERE name = 'h3'"));
  const auto late = enter("late");
  ASSERT_TRUE(late) << late.error().words;
}

TEST_F(PostgresMembership, TheFirstSecretIsEverybodys) {
  EXPECT_EQ(agree_on_secret(connection, std::string("a\0b", 3)).value(), std::string("a\0b", 3));
  EXPECT_EQ(agree_on_secret(connection, "other").value(), std::string("a\0b", 3));
}

}  // namespace
}  // namespace sluice::adapters::postgresql
