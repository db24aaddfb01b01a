#include "postgresql/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgresql/server.hpp"
#include "postgresql/keywords.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::adapters::postgresql {
namespace {

using testing::HasSubstr;
using testing::Not;

Connection connect(const Server& server) {
  auto opened = Connection::open(server);
  if (!opened) throw std::runtime_error(opened.error().words);
  return std::move(*opened);
}

PostgresServer& server() {
  return PostgresServer::shared();
}

std::string english(const Result<Connection>& opened) {
  return text::in(text::Lang::en, opened.error().words);
}

TEST(PostgresConninfo, OverTheNetworkThePeerIsVerified) {
  EXPECT_TRUE(keywords_of({.conninfo = "host=db.example.test dbname=sluice"}));
  EXPECT_TRUE(keywords_of({.conninfo = "host=db.example.test sslmode=verify-full"}));
  EXPECT_TRUE(keywords_of({.conninfo = "host=localhost sslmode=disable"}));
  EXPECT_TRUE(keywords_of({.conninfo = "host=/run/postgresql sslmode=disable"}));
  for (const std::string weak :
       {"host=db.example.test sslmode=require", "host=db.example.test sslmode=verify-ca",
        "host=localhost,10.0.0.7 sslmode=disable", "host=localhost hostaddr=10.0.0.7 sslmode=prefer"}) {
    const auto checked = keywords_of({.conninfo = weak});
    ASSERT_FALSE(checked) << weak;
    EXPECT_EQ(checked.error().kind, ErrorKind::config);
    EXPECT_THAT(checked.error().words, HasSubstr("verify-full"));
  }
}

TEST(PostgresConninfo, APasswordInItIsRefusedAndNotRepeated) {
  for (const std::string inside : {"host=localhost password=s3cret", "host=localhost password=s3 cret"}) {
    const auto checked = keywords_of({.conninfo = inside});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().words, HasSubstr("ledger.password"));
    EXPECT_THAT(checked.error().words, Not(HasSubstr("cret")));
  }
}

TEST(PostgresConninfo, WhatCannotBeReadIsSaid) {
  const auto checked = keywords_of({.conninfo = "hots=localhost"});
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().words, HasSubstr("hots"));
  EXPECT_FALSE(keywords_of({.conninfo = "service=main"}));
}

TEST(PostgresConnection, CarriesEveryKindOfValueThereAndBack) {
  auto connection = connect(server().in(server().create_database()));
  const std::string bytes("\0\xff'\\", 4);
  const std::vector<std::uint64_t> list{7, ~std::uint64_t{0}};
  Arguments given;
  given.put(~std::uint64_t{0}).put(bytes).put_text("\xe4\xb8\xad").put(std::optional<WallTime>{}).put_list(list);
  const auto rows = connection.run(
      "SELECT $1::bigint, $2::bytea, $3::text, $4::bigint, n, true, 7::int "
      "FROM unnest($5::bigint[]) WITH ORDINALITY AS u(n, i) ORDER BY i",
      given);
  ASSERT_TRUE(rows) << rows.error().words;
  ASSERT_EQ(rows->size(), 2);
  EXPECT_EQ(rows->number(0, 0), -1);
  EXPECT_EQ(rows->bytes(0, 1), bytes);
  EXPECT_EQ(rows->bytes(0, 2), "\xe4\xb8\xad");
  EXPECT_TRUE(rows->is_null(0, 3));
  EXPECT_EQ(rows->number(0, 4), 7);
  EXPECT_EQ(rows->number(1, 4), -1);
  EXPECT_EQ(rows->number(0, 5), 1);
  EXPECT_EQ(rows->number(0, 6), 7);
}

TEST(PostgresConnection, OfStatementsThatGoTogetherTheFirstMistakeIsToldAndTheNextOnesWork) {
  auto connection = connect(server().in(server().create_database()));
  connection.queue("BEGIN");
  connection.queue("SELECT 1/$1::bigint", Arguments().put(0));
  connection.queue("SELECT nonsense");
  const auto failed = connection.flush();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::corrupt);
  EXPECT_THAT(failed.error().words, HasSubstr("22012"));
  EXPECT_TRUE(connection.leave());
  const auto rows = connection.run("SELECT 1/$1::bigint", Arguments().put(1));
  ASSERT_TRUE(rows) << rows.error().words;
  EXPECT_EQ(rows->number(0, 0), 1);
}

TEST(PostgresConnection, ABackendThatIsTerminatedIsALossAndNotAnAnswer) {
  auto connection = connect(server().in(server().create_database()));
  const auto pid = connection.run("SELECT pg_backend_pid()")->number(0, 0);
  server().sql("SELECT pg_terminate_backend(" + std::to_string(pid) + ", 60000)");
  const auto asked = connection.run("SELECT 1");
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, ErrorKind::io);
  EXPECT_FALSE(connection.alive());
  EXPECT_EQ(connection.run("SELECT 1").error().kind, ErrorKind::io) << "and stays one";
}

TEST(PostgresConnection, AServerThatDoesNotAnswerIsGivenUp) {
  auto connection = connect(server().in(server().create_database()));
  const auto asked = connection.run("SELECT pg_sleep(60)", {}, std::chrono::milliseconds(1));
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, ErrorKind::io);
  EXPECT_FALSE(connection.alive());
}

TEST(PostgresConnection, CommitsThatMayBeLostAreRefusedAtTheStart) {
  const auto database = server().create_database();
  for (const std::string setting : {"off", "on"}) {
    server().sql("ALTER DATABASE " + database + " SET synchronous_commit = " + setting);
    const auto opened = Connection::open(server().in(database));
    EXPECT_EQ(opened.has_value(), setting == "on");
    if (!opened) EXPECT_EQ(opened.error().kind, ErrorKind::config);
    if (!opened) EXPECT_THAT(english(opened), HasSubstr("synchronous_commit=off"));
  }
}

TEST(PostgresConnection, NobodyThereIsSaidWithThePlace) {
  const auto opened = Connection::open({.conninfo = "host=/nonexistent/folder dbname=x user=y"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::io);
  EXPECT_THAT(english(opened), HasSubstr("/nonexistent/folder"));
}

TEST(PostgresConnection, ThePasswordIsInNoWords) {
  server().sql("CREATE ROLE guarded LOGIN PASSWORD 'right-one'");
  server().let_in("local all guarded scram-sha-256");
  server().reload();
  Server as{.conninfo = "host=" + server().socket_folder() + " user=guarded dbname=postgres", .password = "wrong-one"};
  const auto refused = Connection::open(as);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::permission);
  EXPECT_THAT(refused.error().words, Not(HasSubstr("wrong-one")));
  as.password = "";
  EXPECT_EQ(Connection::open(as).error().kind, ErrorKind::permission);
  as.password = "right-one";
  auto connection = connect(as);
  const auto echoed = connection.run("SELECT 'right-one'::int");
  ASSERT_FALSE(echoed);
  EXPECT_THAT(echoed.error().words, Not(HasSubstr("right-one")));
}

}  // namespace
}  // namespace sluice::adapters::postgresql
