#include <gtest/gtest.h>

#include "config/loading.hpp"

namespace sluice::config::testing {
namespace {

std::string with_ledger(const std::string& ledger) {
  return std::string(kLeast) + "\nledger: {" + ledger + "}\n";
}

Settings::Ledger taken(const std::string& ledger) {
  return sound(with_ledger(ledger)).ledger;
}

TEST(Database, IsNamedAsLibpqTakesItWithItsPasswordInAFile) {
  const auto ledger = taken(
      "postgresql: \"host=db.example.com port=5433 dbname=sluice user='o\\\\'brien co'\", password: {file: /etc/p}, "
      "host: site-b, shared_spool: true");
  EXPECT_EQ(ledger.postgresql, "host=db.example.com port=5433 dbname=sluice user='o\\'brien co'");
  EXPECT_EQ(ledger.password_file, "/etc/p");
  EXPECT_EQ(ledger.host, "site-b");
  EXPECT_TRUE(ledger.shared_spool);
}

TEST(Database, IsTakenWithoutAPassword) {
  EXPECT_EQ(taken("postgresql: \"host=/run/postgresql\", password: \"\"").password_file, "");
}

class EveryDatabase : public ::testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(EveryDatabase, IsRefusedWithWords) {
  EXPECT_EQ(refusal(with_ledger(GetParam().first)).find(GetParam().second), 0U)
      << refusal(with_ledger(GetParam().first));
}

const std::string kPostgresql = "s.yaml:5:22: ledger.postgresql: ";

INSTANTIATE_TEST_SUITE_P(
    Mistakes, EveryDatabase,
    ::testing::Values(
        std::pair{"postgresql: \"postgresql://db/sluice\"", kPostgresql + "expected libpq's keyword=value pairs"},
        std::pair{"postgresql: \"host=a dbname\"", kPostgresql + "expected libpq's keyword=value pairs"},
        std::pair{"postgresql: \"host='a\"", kPostgresql + "expected libpq's keyword=value pairs"},
        std::pair{"postgresql: \"host=a passwrod=b\"", kPostgresql + "expected no password here"},
        std::pair{"postgresql: \"host=a options=b\"", kPostgresql + "a keyword that has no place here"},
        std::pair{"postgresql: \"host=a password=b\"", kPostgresql + "expected no password here"},
        std::pair{"postgresql: \"host=a passfile=/b\"", kPostgresql + "expected no password here"},
        std::pair{"host: \"a b\"", std::string("s.yaml:5:16: ledger.host: expected a name of at most 100 visible")},
        std::pair{"shared_spool: true", std::string("s.yaml:5:24: ledger.shared_spool: means nothing without")},
        std::pair{"shared_spool: yes", std::string("s.yaml:5:24: ledger.shared_spool: expected false or true")}));

TEST(Database, KeepsNoPaceAboveThreeHundredASecond) {
  const std::string database = with_ledger("postgresql: \"host=/run/postgresql\"");
  EXPECT_EQ(sound(database + "rate: {requests: 300}\n").rate.requests, 300U);
  EXPECT_TRUE(refusal(database + "rate: {requests: 301}\n").contains("name a file in rate.gate"));
  EXPECT_EQ(sound(database + "rate: {requests: 301, gate: /run/gate}\n").rate.requests, 301U);
  EXPECT_EQ(sound(std::string(kLeast) + "\nrate: {requests: 301}\n").rate.requests, 301U);
}

}  // namespace
}  // namespace sluice::config::testing
