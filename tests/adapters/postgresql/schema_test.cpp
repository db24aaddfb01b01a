#include "postgresql/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "adapters/postgresql/server.hpp"

namespace sluice::adapters::postgresql {
namespace {

using testing::HasSubstr;

class PostgresSchema : public testing::Test {
 protected:
  Connection connect(const std::string& more = "") {
    auto opened = Connection::open(server.in(database, more));
    if (!opened) throw std::runtime_error(opened.error().words);
    return std::move(*opened);
  }

  PostgresServer& server = PostgresServer::shared();
  std::string database = server.create_database();
};

TEST_F(PostgresSchema, IsMadeOnceAndThenKnown) {
  auto connection = connect();
  EXPECT_EQ(check_version(connection).error().kind, ErrorKind::missing);
  auto made = migrate(connection);
  ASSERT_TRUE(made) << made.error().words;
  EXPECT_TRUE(check_version(connection));
  made = migrate(connection);
  EXPECT_TRUE(made) << made.error().words;
}

TEST_F(PostgresSchema, ANewerOneIsRefusedAndLeftAsItIs) {
  auto connection = connect();
  ASSERT_TRUE(migrate(connection));
  ASSERT_TRUE(connection.script("INSERT INTO sluice.schema_version VALUES (99, now())"));
  for (const auto& refused : {migrate(connection), check_version(connection)}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::config);
    EXPECT_THAT(refused.error().words, HasSubstr("99"));
  }
  EXPECT_TRUE(connection.run("SELECT 1")) << "no transaction is left open";
}

TEST_F(PostgresSchema, ARoleThatOwnsNothingButItIsEnough) {
  auto admin = connect();
  ASSERT_TRUE(admin.script("CREATE ROLE narrow_" + database + " LOGIN; CREATE SCHEMA sluice AUTHORIZATION narrow_" +
                           database + "; REVOKE ALL ON SCHEMA public FROM PUBLIC"));
  auto connection = connect("user=narrow_" + database);
  const auto made = migrate(connection);
  ASSERT_TRUE(made) << made.error().words;
  EXPECT_TRUE(connection.run("SELECT sluice.newest(0)"));
}

TEST_F(PostgresSchema, ARoleThatMayNotMakeItIsTold) {
  server.sql("CREATE ROLE poor_" + database + " LOGIN");
  auto connection = connect("user=poor_" + database);
  const auto made = migrate(connection);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::permission);
}

}  // namespace
}  // namespace sluice::adapters::postgresql
