// What was planned is what is sent, whatever the claimed file's times say.
#include "pipeline/row_marks.hpp"

#include <gmock/gmock.h>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;
using records::Outcome;
using ::testing::HasSubstr;

using MarkedRows = SendingLine;

TEST_F(MarkedRows, AByteChangedThroughAMappingHoldsTheJobBeforeAnythingOfItsBatchGoes) {
  plan(uids(4), 2);
  begin();
  file().change_unseen("abc,CUCC,1003", "abd,CUCC,1003");
  clock.pass(1min);
  ASSERT_EQ(api.bodies.size(), 1) << "the first batch was as planned";
  EXPECT_EQ(job().header.hold, ports::Hold::file_changed);
  EXPECT_THAT(job().header.hold_words, HasSubstr("Order 3 of the claimed file is not what was checked"));
  EXPECT_THAT(job().header.hold_words, HasSubstr("`sluice release 20240115-3` goes on"));
}

TEST_F(MarkedRows, ThePartsOfABatchKeepTheMarksOfTheirRows) {
  plan(uids(3), 3);
  api.script = [this](const auto& body) {
    if (api.bodies.size() > 1) return ScriptedUpstream::say(body);
    file().change_unseen("abc,CUCC,1002", "abd,CUCC,1002");
    return ScriptedUpstream::say(body, 9);  // internal error: all three go again, in a batch of their own
  };
  begin();
  clock.pass(10min);
  EXPECT_EQ(api.bodies.size(), 1);
  EXPECT_EQ(job().header.hold, ports::Hold::file_changed);
}

TEST_F(MarkedRows, WhatACrashLeftIsNotTakenUpFromAFileThatWasChanged) {
  plan(uids(2), 2);
  left(1);
  file().change_unseen("1001", "7001");
  begin();
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty());
  EXPECT_EQ(job().header.hold, ports::Hold::file_changed);
  EXPECT_EQ(settled(Outcome::accepted), 0);
}

TEST_F(MarkedRows, ABatchOfAnOlderVersionHasNoneAndIsSentAsEver) {
  plan(uids(2), 2);
  auto old = ledger.batch(1);
  old.marks.clear();
  ledger.put(old);
  begin();
  clock.pass(10s);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(MarkedRows, AJobOfAnotherSecretIsHeldAgainstNone) {
  auto& header = job().header;
  const RowMarks now(std::string(32, 'n'));
  header.secret = marks.name();
  job().take_reading(now);
  EXPECT_EQ(job().marks, nullptr);
  job().take_reading(marks);
  EXPECT_EQ(job().marks, &marks);
}

TEST(RowMarks, ANameTellsSecretsApartAndNothingOfThem) {
  const RowMarks one(std::string(32, 'a'));
  EXPECT_NE(one.name(), RowMarks(std::string(32, 'b')).name());
  EXPECT_NE(one.of(order_of(1).element()), RowMarks(std::string(32, 'b')).of(order_of(1).element()));
  EXPECT_NE(one.of(order_of(1).element()), one.of(order_of(2).element()));
}

}  // namespace
}  // namespace sluice::pipeline
