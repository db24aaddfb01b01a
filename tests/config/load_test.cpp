#include <gtest/gtest.h>

#include "config/loading.hpp"

namespace sluice::config::testing {
namespace {

TEST(Load, TakesTheTwoRequiredKeysAndTheContractsDefaults) {
  const Settings s = sound(kLeast);
  EXPECT_EQ(s.spool, "/var/spool/sluice");
  EXPECT_EQ(s.upstream.base_url, "https://api.example/prod-api/");
  EXPECT_EQ(s.upstream.authorization.from, CredentialSource::From::file);
  EXPECT_EQ(s.upstream.authorization.name, "/etc/sluice/authorization");
  EXPECT_EQ(s.upstream.response_timeout, 65s);
  EXPECT_EQ(s.rate.requests, 10U);
  EXPECT_EQ(s.batch.bytes, 512U * 1024);
  EXPECT_EQ(s.inbox.duplicate_window, 7 * 24h);
  EXPECT_EQ(s.guard.stop_when_refused, 90U);
}

TEST(Load, TakesAListOfEventsAndNamesTheOneItDoesNotKnow) {
  const std::string least(kLeast);
  EXPECT_EQ(sound(least + "\nnotify: {on: [held, in_doubt]}\n").notify.on, 0b1100000U);
  EXPECT_EQ(sound(least + "\nnotify: {on: []}\n").notify.on, 0U);
  EXPECT_TRUE(refusal(least + "\nnotify: {on: [held, lunch]}\n").contains("found \"lunch\""));
  EXPECT_TRUE(refusal(least + "\nnotify: {on: held}\n").contains("expected a list of finished"));
}

TEST(Load, TakesWhatStandsAtABoundAndNothingThatOnlyComesRoundToIt) {
  const std::string least(kLeast);
  EXPECT_EQ(sound(least + "\nguard: {stop_when_refused: 100%}\n").guard.stop_when_refused, 100U);
  EXPECT_EQ(sound(least + "\ncontrol: {metrics: 127.0.0.1:65535}\n").control.metrics, "127.0.0.1:65535");
  EXPECT_TRUE(refusal(least + "\ncontrol: {metrics: 127.0.0.1:65536}\n").contains("expected ADDRESS:PORT"));
  // 2^24 + 1 of them are one more than 64 bits hold: counted round, 1 TiB.
  EXPECT_TRUE(refusal(least + "\ninbox: {max_bytes: 16777217TiB}\n").contains("found \"16777217TiB\""));
}

TEST(Load, ShowsEveryKeyOfTheContractWithItsDefault) {
  // docs/contract.md, Configuration, as it is printed there.
  const std::vector<std::pair<std::string, std::string>> contract = {
      {"spool", "/var/spool/sluice"},
      {"upstream.base_url", "https://api.example/prod-api/"},
      {"upstream.authorization", "{file: /etc/sluice/authorization}"},
      {"upstream.ca_file", "\"\""},
      {"upstream.connect_timeout", "10s"},
      {"upstream.response_timeout", "65s"},
      {"upstream.max_in_flight", "32"},
      {"rate.requests", "10"},
      {"rate.per", "1s"},
      {"rate.gate", "\"\""},
      {"ledger.postgresql", "\"\""},
      {"ledger.password", "\"\""},
      {"ledger.host", "\"\""},
      {"ledger.shared_spool", "false"},
      {"batch.orders", "50"},
      {"batch.bytes", "512KiB"},
      {"retry.in_doubt", "resend"},
      {"retry.attempts", "5"},
      {"retry.first_delay", "6s"},
      {"retry.max_delay", "5m"},
      {"retry.outage", "1h"},
      {"inbox.settle", "2s"},
      {"inbox.scan_every", "30s"},
      {"inbox.ready_suffix", "\"\""},
      {"inbox.max_bytes", "1GiB"},
      {"inbox.hard_links", "leave"},
      {"inbox.duplicate_file", "reject"},
      {"inbox.duplicate_window", "7d"},
      {"guard.max_rows", "1000000"},
      {"guard.max_orders_per_file", "0"},
      {"guard.max_orders_per_day", "0"},
      {"guard.stop_when_refused", "90%"},
      {"guard.placed_before", "warn"},
      {"keep.archive", "0s"},
      {"keep.outbox", "0s"},
      {"keep.rejected", "0s"},
      {"keep.orders", "90d"},
      {"stop.grace", "30s"},
      {"control.socket", "\"\""},
      {"control.metrics", "\"\""},
      {"control.web", "\"\""},
      {"control.web_user_header", "\"\""},
      {"control.operators", "sluice"},
      {"notify.command", "\"\""},
      {"notify.on", "[finished, refused, rejected, paused, resumed, held, in_doubt, stuck]"},
      {"log.level", "info"},
      {"log.format", "text"},
      {"language", "auto"},
  };
  std::vector<std::pair<std::string, std::string>> shown;
  for (const Shown& key : load(kLeast, "s.yaml").value().shown) shown.emplace_back(key.key, key.value);
  EXPECT_EQ(shown, contract);
}

TEST(Load, SaysWhereEachValueComesFrom) {
  const Loaded loaded = load(kLeast + "rate:\n  requests: 20\n", "/etc/sluice/sluice.yaml").value();
  for (const Shown& key : loaded.shown) {
    const std::string expected = key.key == "upstream.base_url"        ? "/etc/sluice/sluice.yaml:2"
                                 : key.key == "upstream.authorization" ? "/etc/sluice/sluice.yaml:3"
                                 : key.key == "rate.requests"          ? "/etc/sluice/sluice.yaml:5"
                                                                       : "default";
    EXPECT_EQ(key.source, expected) << key.key;
  }
}

TEST(Load, TakesTheContractsWholeExample) {
  const Settings s = sound(R"(
spool: /srv/spool/
upstream:
  base_url: HTTPS://API.example:8443/prod-api
  authorization: {credential: sluice.authorization}
  ca_file: /etc/ssl/own.pem
  connect_timeout: 1500ms
  response_timeout: 2m
  max_in_flight: 4
rate: {requests: 100000, per: 1s, gate: /run/gate}
batch: {orders: 2, bytes: 64KB}
retry: {in_doubt: hold, attempts: 7, first_delay: 8s, max_delay: 1h, outage: 2d}
inbox: {settle: 0s, scan_every: 5m, ready_suffix: .ok, max_bytes: 1000, duplicate_file: process, duplicate_window: 12h}
guard: {max_rows: 5000000, max_orders_per_file: 1000, max_orders_per_day: 5000, stop_when_refused: 50%}
stop: {grace: 1m}
control: {socket: /run/sluice.sock, metrics: "[::1]:9464"}
log: {level: debug, format: json}
language: zh
)");
  EXPECT_EQ(s.spool, "/srv/spool");
  EXPECT_EQ(s.upstream.base_url, "https://api.example:8443/prod-api/");
  EXPECT_EQ(s.upstream.authorization.from, CredentialSource::From::credential);
  EXPECT_EQ(s.upstream.authorization.name, "sluice.authorization");
  EXPECT_EQ(s.upstream.ca_file, "/etc/ssl/own.pem");
  EXPECT_EQ(s.upstream.connect_timeout, 1500ms);
  EXPECT_EQ(s.upstream.response_timeout, 2min);
  EXPECT_EQ(s.upstream.max_in_flight, 4U);
  EXPECT_EQ(s.rate.requests, 100'000U);
  EXPECT_EQ(s.rate.gate, "/run/gate");
  EXPECT_EQ(s.batch.orders, 2U);
  EXPECT_EQ(s.batch.bytes, 64'000U);
  EXPECT_EQ(s.retry.in_doubt, InDoubt::hold);
  EXPECT_EQ(s.retry.attempts, 7U);
  EXPECT_EQ(s.retry.first_delay, 8s);
  EXPECT_EQ(s.retry.max_delay, 1h);
  EXPECT_EQ(s.retry.outage, 48h);
  EXPECT_EQ(s.inbox.settle, 0s);
  EXPECT_EQ(s.inbox.scan_every, 5min);
  EXPECT_EQ(s.inbox.ready_suffix, ".ok");
  EXPECT_EQ(s.inbox.max_bytes, 1'000U);
  EXPECT_EQ(s.inbox.duplicate_file, DuplicateFile::process);
  EXPECT_EQ(s.inbox.duplicate_window, 12h);
  EXPECT_EQ(s.guard.max_rows, 5'000'000U);
  EXPECT_EQ(s.guard.max_orders_per_file, 1'000U);
  EXPECT_EQ(s.guard.max_orders_per_day, 5'000U);
  EXPECT_EQ(s.guard.stop_when_refused, 50U);
  EXPECT_EQ(s.stop.grace, 1min);
  EXPECT_EQ(s.control.socket, "/run/sluice.sock");
  EXPECT_EQ(s.control.metrics, "[::1]:9464");
  EXPECT_EQ(s.log.level, LogLevel::debug);
  EXPECT_EQ(s.log.format, LogFormat::json);
  EXPECT_EQ(s.language, Language::zh);
}

TEST(Load, ReadsBackWhatItShows) {
  const Loaded first =
      load(kLeast + "rate: {per: 100ms}\ninbox: {ready_suffix: \" \\\"ok\", max_bytes: 1001}\n", "a").value();
  std::string again;
  std::string group;
  for (const Shown& key : first.shown) {
    const std::size_t dot = key.key.find('.');
    const std::string in = key.key.substr(0, dot == std::string::npos ? 0 : dot);
    if (in != group && !in.empty()) again += in + ":\n";
    group = in;
    again += (dot == std::string::npos ? key.key : "  " + key.key.substr(dot + 1)) + ": " + key.value + "\n";
  }
  const Result<Loaded> second = load(again, "a");
  ASSERT_TRUE(second) << second.error().words;
  for (std::size_t i = 0; i < first.shown.size(); ++i) EXPECT_EQ(second->shown[i].value, first.shown[i].value);
}

TEST(Load, TakesAGroupWithEveryKeyCommentedOut) {
  EXPECT_EQ(sound(kLeast + "rate:\n#  requests: 20\n").rate.requests, 10U);
}

TEST(NeedsRestart, NamesWhatAReloadCannotTakeOver) {
  const Settings before = sound(kLeast);
  EXPECT_TRUE(needs_restart(before, before).empty());
  const Settings after = sound(kLeast + R"(
spool: /srv/spool
rate: {requests: 20, per: 2s, gate: /run/gate}
control: {socket: /run/s.sock}
batch: {orders: 1}
log: {level: debug}
stop: {grace: 1s}
)");
  EXPECT_EQ(needs_restart(before, after),
            (std::vector<std::string>{"spool", "rate.requests", "rate.per", "rate.gate", "control.socket"}));
}

}  // namespace
}  // namespace sluice::config::testing
