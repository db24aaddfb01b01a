#include <gtest/gtest.h>

#include <set>

#include "orders/sample.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {
namespace {

using enum Verdict;
using text::Word;

constexpr RowHistory kClean{};
constexpr RowHistory kMaybe{.maybe_applied = true};
constexpr RowHistory kInternal{.internal_error = true};
constexpr RowHistory kInternalOnHold{.internal_error = true, .hold = true};
constexpr RowHistory kMaybeOnHold{.maybe_applied = true, .hold = true};

/// The table of docs/api.md, Per-order statuses, for each history.
struct Case {
  ServiceId service;
  int status;
  Verdict clean;
  Verdict maybe;
  Verdict internal;
  Verdict internal_on_hold;
};

class PerOrder : public testing::TestWithParam<Case> {};
TEST_P(PerOrder, FollowsTheTable) {
  const auto& row = GetParam();
  const auto verdict = [&](RowHistory history) {
    return dispose(row.service, RowAnswer{row.status, "", "", "", ""}, history).verdict;
  };
  EXPECT_EQ(verdict(kClean), row.clean);
  EXPECT_EQ(verdict(kMaybe), row.maybe);
  EXPECT_EQ(verdict(kMaybeOnHold), row.maybe);
  EXPECT_EQ(verdict(kInternal), row.internal);
  EXPECT_EQ(verdict(kInternalOnHold), row.internal_on_hold);
}

constexpr auto kCreate = ServiceId::create;
constexpr auto kModify = ServiceId::modify;
INSTANTIATE_TEST_SUITE_P(Create, PerOrder,
                         testing::Values(Case{kCreate, 1, accepted, accepted, accepted, accepted},
                                         Case{kCreate, 2, refused, refused, refused, refused},
                                         Case{kCreate, 3, refused, refused, refused, refused},
                                         Case{kCreate, 4, refused, refused, refused, refused},
                                         Case{kCreate, 5, refused, in_doubt, refused, refused},
                                         Case{kCreate, 6, refused, accepted_earlier, accepted_earlier, in_doubt},
                                         Case{kCreate, 7, refused, refused, refused, refused},
                                         Case{kCreate, 8, refused, refused, refused, refused},
                                         Case{kCreate, 9, retry_later, retry_later, retry_later, retry_later},
                                         Case{kCreate, 10, in_doubt, in_doubt, in_doubt, in_doubt},
                                         Case{kCreate, 77, in_doubt, in_doubt, in_doubt, in_doubt}));
INSTANTIATE_TEST_SUITE_P(Modify, PerOrder,
                         testing::Values(Case{kModify, 1, accepted, accepted, accepted, accepted},
                                         Case{kModify, 2, refused, in_doubt, refused, refused},
                                         Case{kModify, 3, refused, refused, refused, refused},
                                         Case{kModify, 4, refused, refused, refused, refused},
                                         Case{kModify, 5, refused, in_doubt, refused, refused},
                                         Case{kModify, 6, refused, accepted_earlier, accepted_earlier, in_doubt},
                                         Case{kModify, 7, refused, in_doubt, refused, refused},
                                         Case{kModify, 8, refused, in_doubt, refused, refused},
                                         Case{kModify, 9, refused, in_doubt, refused, refused},
                                         Case{kModify, 10, retry_later, retry_later, retry_later, retry_later},
                                         Case{kModify, 11, in_doubt, in_doubt, in_doubt, in_doubt}));

TEST(Dispose, AStatusThatIsNoNumberTellsNothing) {
  for (const auto* text : {"ok", "true", "false", "null", "SUCCESS", "1.5"}) {
    const RowAnswer odd{std::nullopt, text, "", "", ""};
    for (const auto history : {kClean, kMaybe, kInternal, kMaybeOnHold})
      EXPECT_EQ(dispose(kCreate, odd, history).verdict, in_doubt) << text;
    EXPECT_TRUE(text::say(text::Lang::en, dispose(kCreate, odd, kClean).message)
                    .starts_with(std::string("The API answered with a status that is not documented: ") + text + "."));
  }
}

TEST(Dispose, AfterANoWhatOurOwnSuccessCanCauseIsInDoubtAndNamesThatAnswer) {
  const RowHistory told_no{.said_no = "HTTP 429"};
  const auto after = [&](ServiceId id, int status) { return dispose(id, RowAnswer{status, "", "", "", ""}, told_no); };
  for (const int status : {5, 6}) EXPECT_EQ(after(kCreate, status).verdict, in_doubt) << status;
  for (const int status : {2, 3, 4, 7, 8}) EXPECT_EQ(after(kCreate, status).verdict, refused) << status;
  for (const int status : {2, 5, 6, 7, 8, 9}) EXPECT_EQ(after(kModify, status).verdict, in_doubt) << status;
  for (const int status : {3, 4}) EXPECT_EQ(after(kModify, status).verdict, refused) << status;
  EXPECT_EQ(after(kCreate, 1).message.word, Word::create_1);
  EXPECT_TRUE(text::say(text::Lang::en, after(kCreate, 6).message).contains("\"HTTP 429\", which proves nothing"));
  EXPECT_EQ(dispose(kCreate, RowAnswer{6, "", "", "", ""}, {.maybe_applied = true, .said_no = "x"}).verdict,
            accepted_earlier)
      << "a lost answer weighs more";
}

TEST(Dispose, AnOrderAcceptedAfterALostAnswerMayBeThereTwice) {
  const auto twice = dispose(kCreate, RowAnswer{1, "", "", "", ""}, kMaybe);
  EXPECT_EQ(twice.verdict, accepted);
  EXPECT_EQ(
      text::say(text::Lang::en, twice.message),
      "Created successfully. An earlier attempt, whose answer was lost, may have been applied as well: look for a "
      "second order");
  EXPECT_TRUE(text::say(text::Lang::zh, twice.message).starts_with("创建成功。"));
}

TEST(Dispose, SaysWhatTheStatusMeansInTheServicesOwnWords) {
  const auto words = [](ServiceId id, int status, text::Lang lang) {
    return text::say(lang, dispose(id, RowAnswer{status, "", "", "", ""}, kClean).message);
  };
  EXPECT_EQ(words(kCreate, 9, text::Lang::en), "Internal service error of the API");
  EXPECT_TRUE(words(kModify, 9, text::Lang::en).starts_with("Update limit reached"));
  EXPECT_TRUE(words(kCreate, 2, text::Lang::zh).starts_with("UID 与抖音号不匹配"));
  EXPECT_EQ(dispose(kCreate, RowAnswer{6, "", "", "", ""}, kMaybe).message.word, Word::create_6_ours);
}

TEST(Dispose, HasWordsOfItsOwnForEveryStatus) {
  for (const auto& each : services()) {
    std::set<std::string> words;
    for (const auto& status : each.statuses) words.insert(text::say(text::Lang::zh, {status.words, {}}));
    EXPECT_EQ(words.size(), each.statuses.size()) << each.name;
  }
}

}  // namespace
}  // namespace sluice::orders
