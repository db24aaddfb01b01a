#include <gtest/gtest.h>

#include "config/loading.hpp"

namespace sluice::config::testing {
namespace {

struct Refused {
  std::string yaml;  ///< after the least
  std::string words;
};

class EveryMistake : public ::testing::TestWithParam<Refused> {};

TEST_P(EveryMistake, IsRefusedWithTheseWords) {
  EXPECT_EQ(refusal(kLeast + GetParam().yaml), GetParam().words);
}

const std::string kDuration = "expected a whole number with a unit (ms, s, m, h or d), from ";

const Refused kRefused[] = {
    // Keys.
    {"rat: {requests: 1}",
     "s.yaml:4:1: rat: unknown key; the nearest known one is rate. Expected: spool, "
     "upstream, rate, ledger, batch, retry, inbox, guard, keep, stop, control, notify, log, language"},
    {"rate: {request: 1}",
     "s.yaml:4:8: rate.request: unknown key; the nearest known one is rate.requests. Expected: requests, per, gate"},
    {"batch: {max_in_flight: 1}",
     "s.yaml:4:9: batch.max_in_flight: unknown key; the nearest known one is "
     "upstream.max_in_flight. Expected: orders, bytes"},
    {"rate.requests: 1",
     "s.yaml:4:1: rate.requests: a dot makes no group; write rate: on a line of its own and, indented below it, "
     "requests: with its value"},
    {"Rate: {requests: 1}",
     "s.yaml:4:1: Rate: unknown key; the nearest known one is rate. Expected: spool, upstream, rate, ledger, batch, "
     "retry, "
     "inbox, guard, keep, stop, control, notify, log, language"},
    {"rate:\n  requests:5",
     "s.yaml:5:3: rate: expected keys below it (requests, per, gate), found a single value; after the colon, write a "
     "space"},
    {"rate:\n  requests：5",
     "s.yaml:5:3: rate: expected keys below it (requests, per, gate), found a single value; for a full-width colon, "
     "write an ASCII colon and a space"},
    {"spool:/a\n",
     "s.yaml:4:1: spool: unknown key; the nearest known one is spool; after the colon, write a space. Expected: spool, "
     "upstream, rate, ledger, batch, retry, inbox, guard, keep, stop, control, notify, log, language"},
    {"\"a\\x1b[31m\": 1",
     "s.yaml:4:1: a\\x1B[31m: unknown key; the nearest known one is spool. Expected: spool, upstream, "
     "rate, ledger, batch, retry, inbox, guard, keep, stop, control, notify, log, language"},
    {"rate: {per: 1s, per: 2s}", "s.yaml:4:17: rate.per: is there twice; expected once"},
    {"rate: {per: 1s}\nrate: {requests: 3}", "s.yaml:5:1: rate: is there twice; expected once"},
    {"rate: 10", "s.yaml:4:7: rate: expected keys below it (requests, per, gate), found a single value"},
    {"rate: [10]", "s.yaml:4:7: rate: expected keys below it (requests, per, gate), found a list"},
    {"rate: {[1]: 2}", "s.yaml:4:8: rate: expected a key's name, found a list"},
    // Whole numbers.
    {"rate: {requests: ten}", "s.yaml:4:18: rate.requests: expected a whole number from 1 to 1000000, found \"ten\""},
    {"batch: {orders: 0}", "s.yaml:4:17: batch.orders: expected a whole number from 1 to 1000, found \"0\""},
    {"batch: {orders: -5}", "s.yaml:4:17: batch.orders: expected a whole number from 1 to 1000, found \"-5\""},
    {"batch: {orders: 1e2}", "s.yaml:4:17: batch.orders: expected a whole number from 1 to 1000, found \"1e2\""},
    {"batch: {orders: 99999999999999999999}",
     "s.yaml:4:17: batch.orders: expected a whole number from 1 to 1000, found \"99999999999999999999\""},
    {"batch: {orders: [5]}", "s.yaml:4:17: batch.orders: expected a whole number from 1 to 1000, found a list"},
    {"batch: {orders: }",
     "s.yaml:4:9: batch.orders: expected a whole number from 1 to 1000, found nothing (for none, "
     "write \"\" where that may be, or leave the key out)"},
    // Durations, sizes, percentages, choices.
    {"stop: {grace: 30}", "s.yaml:4:15: stop.grace: " + kDuration + "0s to 1h, such as 30s, found \"30\""},
    {"stop: {grace: 30 s}", "s.yaml:4:15: stop.grace: " + kDuration + "0s to 1h, such as 30s, found \"30 s\""},
    {"stop: {grace: 9000}", "s.yaml:4:15: stop.grace: " + kDuration + "0s to 1h, found \"9000\""},
    {"stop: {grace: 1.5s}", "s.yaml:4:15: stop.grace: " + kDuration + "0s to 1h, found \"1.5s\""},
    {"stop: {grace: 2w}", "s.yaml:4:15: stop.grace: " + kDuration + "0s to 1h, found \"2w\""},
    {"stop: {grace: 61m}", "s.yaml:4:15: stop.grace: " + kDuration + "0s to 1h, found \"61m\""},
    {"stop: {grace: 9223372036854775807d}",
     "s.yaml:4:15: stop.grace: " + kDuration + "0s to 1h, found \"9223372036854775807d\""},
    {"upstream2: 1\nbatch: {bytes: 512kb}",
     "s.yaml:4:1: upstream2: unknown key; the nearest known one is upstream. Expected: spool, upstream, rate, "
     "ledger, batch, retry, inbox, guard, keep, stop, control, notify, log, language\n"
     "s.yaml:5:16: batch.bytes: expected a number of bytes, or one with KiB, MiB, GiB, KB, MB or GB, from 1KiB to "
     "16MiB, "
     "found \"512kb\""},
    {"guard: {stop_when_refused: 90}",
     "s.yaml:4:28: guard.stop_when_refused: expected a whole percentage from 0% to "
     "100%, with its sign, found \"90\""},
    {"guard: {stop_when_refused: 101%}",
     "s.yaml:4:28: guard.stop_when_refused: expected a whole percentage from 0% to "
     "100%, with its sign, found \"101%\""},
    {"log: {level: verbose}",
     "s.yaml:4:14: log.level: expected trace or debug or info or warn or error, found \"verbose\""},
    {"retry: {in_doubt: Hold}", "s.yaml:4:19: retry.in_doubt: expected resend or hold, found \"Hold\""},
    // Text.
    {"spool: spool", "s.yaml:4:8: spool: expected an absolute path, beginning with /, found \"spool\""},
    {"spool: \"/a\\u0007b\"", "s.yaml:4:8: spool: expected no control characters, found \"/a\\x07b\""},
    {"spool: \"/a\nlog: {level: warn}\n",
     "s.yaml:4:8: spool: expected no space at its end (is there a quote that never closes?), found \"/a log: "
     "{level: "
     "warn} \""},
    {"inbox: {ready_suffix: a/b}",
     "s.yaml:4:23: inbox.ready_suffix: expected the end of a file name, such as .ok: no "
     "slash, at most 32 bytes, found \"a/b\""},
    {"control: {metrics: localhost}",
     "s.yaml:4:20: control.metrics: expected ADDRESS:PORT, such as 127.0.0.1:9464 or "
     "[::1]:9464, found \"localhost\""},
    {"control: {metrics: 127.0.0.1:0}",
     "s.yaml:4:20: control.metrics: expected ADDRESS:PORT, such as 127.0.0.1:9464 or "
     "[::1]:9464, found \"127.0.0.1:0\""},
    {"control: {socket: /" + std::string(107, 's') + "}",
     "s.yaml:4:19: control.socket: expected a path of at most 107 bytes, which is all a socket's address holds, found "
     "\"/" +
         std::string(39, 's') + "…\""},
    // What only shows in the whole.
    {"rate: {requests: 1, per: 2s}",
     "s.yaml:4:18: rate.requests: expected a rate from 1 to 100000 a second, found 1 in 2s"},
    {"rate: {requests: 100001}",
     "s.yaml:4:18: rate.requests: expected a rate from 1 to 100000 a second, found 100001 in 1s"},
    {"retry: {first_delay: 10s, max_delay: 5s}",
     "s.yaml:4:38: retry.max_delay: expected retry.first_delay (10s) or more"},
    {"retry: {first_delay: 10m}", "s.yaml: retry.max_delay: expected retry.first_delay (10m) or more"},
    {"spool: /" + std::string(100, 's'),
     "s.yaml: control.socket: expected a path of at most 107 bytes, because the spool's own would have 114"},
};

INSTANTIATE_TEST_SUITE_P(Mistakes, EveryMistake, ::testing::ValuesIn(kRefused));

TEST(Refusals, NameEveryMissingRequiredKey) {
  EXPECT_EQ(refusal(""),
            "s.yaml: upstream.base_url: is missing; expected an https:// address (http:// for loopback only)\n"
            "s.yaml: upstream.authorization: is missing; expected exactly one of {file: /PATH}, {env: NAME} or "
            "{credential: NAME}");
}

TEST(Refusals, SayWhereTheYamlItselfIsBroken) {
  EXPECT_EQ(refusal("upstream:\n  base_url: [1\n"),
            "s.yaml:3:1: expected YAML: end of sequence flow not found: a [ is not closed by ]");
  EXPECT_EQ(refusal("- a\n"),
            "s.yaml:1:1: expected keys (spool, upstream, rate, ledger, batch, retry, inbox, guard, keep, stop, "
            "control, notify, "
            "log, language), found "
            "a list");
  EXPECT_EQ(refusal(kLeast + "---\n" + kLeast),
            "s.yaml:4:1: expected one YAML document, found this after it or before it");
  EXPECT_EQ(refusal("spool: \xC1\xAA\n"), "s.yaml: expected UTF-8; save it so");
  EXPECT_EQ(refusal(std::string(256 * 1024 + 1, '#')), "s.yaml: expected settings, found more than 256KiB");
}

TEST(Refusals, NameATabOrAFullWidthColonWhereItStands) {
  EXPECT_EQ(refusal(kLeast + "rate:\n\trequests: 5\n"),
            "s.yaml:5:1: a tab in the indentation: indent with spaces only");
  EXPECT_EQ(refusal(kLeast + "rate:\n  requests: 5\n \tper: 1s\n"),
            "s.yaml:6:2: a tab in the indentation: indent with spaces only");
  EXPECT_EQ(refusal(kLeast + "rate：\n  requests: 5\n"),
            "s.yaml:4:5: a full-width colon (：): write an ASCII colon and a space instead");
  EXPECT_EQ(refusal(kLeast + "rate:\n    requests: 5\n  per: 1s # 注：窗口\n"),
            "s.yaml:6:3: expected YAML: end of map not found: this line is indented unlike those above it: give the "
            "keys of a group the same spaces");
}

TEST(Refusals, EndOnTextThatYamlCppsLoadAllNeverGetsPast) {
  EXPECT_EQ(refusal(", a: 1\n"), "s.yaml:1:1: expected one YAML document, found this after it or before it");
}

TEST(Refusals, SurviveDeepNesting) {
  EXPECT_NE(refusal("a: " + std::string(100'000, '[')), "");
  EXPECT_NE(refusal("a: " + std::string(100'000, '{')), "");
}

class EverySecretInTheWrongPlace : public ::testing::TestWithParam<std::string> {};

TEST_P(EverySecretInTheWrongPlace, IsRefusedAndNotRepeated) {
  const std::string words = refusal(GetParam());
  EXPECT_NE(words, "");
  EXPECT_EQ(words.find("s3cr3t"), std::string::npos) << words;
}

INSTANTIATE_TEST_SUITE_P(
    Secrets, EverySecretInTheWrongPlace,
    ::testing::Values("ledger: {postgresql: \"host=/run password=s3cr3t\"}",
                      "ledger: {postgresql: \"postgresql://sluice:s3cr3t@db/sluice\"}",
                      "ledger: {postgresql: \"s3cr3t\"}", "ledger: {password: s3cr3t}",
                      "ledger: {postgresql: \"host=a passwrod=s3cr3t\"}", "ledger: {password: {env: s3cr3t}}",
                      "upstream: {authorization: \"Bearer s3cr3t\"}", "upstream: {authorization: [s3cr3t]}",
                      "upstream: {authorization: {Bearer s3cr3t: 1}}", "upstream: {authorization: {file: s3cr3t}}",
                      "upstream: {authorization: {value: s3cr3t}}", "upstream: {authorization: {env: Bearer s3cr3t}}",
                      "upstream: {authorization: {credential: \"Bearer s3cr3t\"}}",
                      "upstream: {authorization: {file: [s3cr3t]}}",
                      "upstream: {authorization: {file: /a, env: s3cr3t}}",
                      "upstream: {authorization: {file: \"/s3cr3t\\n\"}}", "upstream: {authorization: *s3cr3t}",
                      "upstream: {base_url: \"https://user:s3cr3t@api.example/\", authorization: {env: A}}",
                      "upstream: {base_url: \"https://api.example/?token=s3cr3t\", authorization: {env: A}}",
                      "authorization: Bearer s3cr3t", "upstream:\n  authorization:Bearer s3cr3t\n",
                      "upstream:\n  ca_file: /a\n  authorization:Bearer s3cr3t\n", "authorization:Bearer s3cr3t\n",
                      "authorization：s3cr3t\nspool: /a\n", "upstream:\n  authorization:\n    Bearer: s3cr3t\n"));

TEST(Refusals, SayWhatToDoWithACredentialInTheFile) {
  EXPECT_EQ(refusal("upstream:\n  base_url: https://a/\n  authorization: Bearer s3cr3t\n"),
            "s.yaml:3:18: upstream.authorization: expected exactly one of {file: /PATH}, {env: NAME} or {credential: "
            "NAME}: the value itself never stands in this file. Put it into a file that only its user can read; and if "
            "it is a live one, replace it");
}

}  // namespace
}  // namespace sluice::config::testing
