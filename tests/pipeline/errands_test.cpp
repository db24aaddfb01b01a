#include "errands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_clock.hpp"
#include "memory_hosts.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr JobId kJob{.day = 20240115, .n = 7};

/// What other hosts have left for this one, which is named "one", until it is answered.
class Mailbox : public ports::NoOtherHosts {
 public:
  using NoOtherHosts::NoOtherHosts;
  ports::Task<Result<std::vector<ports::Host>>> all() override {
    co_return std::vector<ports::Host>{{.name = "one", .spool = {}, .ours = true, .alive = true, .seen = {}}};
  }
  ports::Task<Result<std::vector<ports::Errand>>> errands() override { co_return waiting; }
  ports::Task<Result<void>> answer(ports::Errand errand, Result<std::string> said) override {
    if (away) co_return fail(ErrorKind::io, "the database is away");
    std::erase_if(waiting, [&](const auto& one) { return one.id == errand.id; });
    answers.push_back(text::in(text::Lang::en, said ? *said : said.error().words));
    co_return Result<void>{};
  }
  ports::Task<Result<std::string>> send(ports::Errand errand) override {
    sent.push_back(errand);
    co_return "held (done at host two)";
  }

  std::vector<ports::Errand> waiting;
  std::vector<ports::Errand> sent;
  std::vector<std::string> answers;
  bool away = false;
};

class ErrandsTest : public testing::Test {
 protected:
  void do_all() {
    clock.spawn(errands.do_all());
    clock.settle();
  }
  ports::Task<Result<std::string>> note(Instruction what, ports::Errand errand) {
    done.push_back(pack(what) + " by " + errand.user);
    if (refuses) co_return fail(ErrorKind::usage, "it is finished");
    co_return "done";
  }

  FakeClock clock;
  Mailbox hosts{clock};
  std::vector<std::string> done;
  bool refuses = false;
  Errands errands{hosts, [this](Instruction what, ports::Errand errand) { return note(what, std::move(errand)); }};
};

TEST_F(ErrandsTest, AreDoneInOrderForWhoeverAskedAndSayWhichHostDidThem) {
  hosts.waiting = {{.id = 3, .job = kJob, .what = "hold", .user = "alice@two"},
                   {.id = 4, .job = kJob, .what = "cancel", .user = "bob@two"}};
  do_all();
  EXPECT_THAT(done, ElementsAre("hold by alice@two", "cancel by bob@two"));
  EXPECT_THAT(hosts.answers, ElementsAre("done (done at host one)", "done (done at host one)"));
}

TEST_F(ErrandsTest, OneWhoseAnswerWasLostIsAnsweredAgainAndNotDoneAgain) {
  hosts.waiting = {{.id = 3, .job = kJob, .what = "release", .user = "alice@two"}};
  hosts.away = true;
  do_all();
  do_all();
  EXPECT_TRUE(hosts.answers.empty());
  hosts.away = false;
  do_all();
  EXPECT_THAT(done, ElementsAre("release by alice@two"));
  EXPECT_THAT(hosts.answers, ElementsAre("done (done at host one)"));
}

TEST_F(ErrandsTest, WhatCantBeDoneIsSaidAsItWouldBeHere) {
  refuses = true;
  hosts.waiting = {{.id = 3, .job = kJob, .what = "hold", .user = "alice@two"}};
  do_all();
  EXPECT_THAT(hosts.answers, ElementsAre("it is finished"));
}

TEST_F(ErrandsTest, WhatAnotherVersionAsksForIsRefusedInWordsAndNothingIsDone) {
  hosts.waiting = {{.id = 3, .job = kJob, .what = "polish", .user = "alice@two"}};
  do_all();
  EXPECT_TRUE(done.empty());
  EXPECT_THAT(hosts.answers, ElementsAre(HasSubstr("of another version of sluice")));
}

TEST_F(ErrandsTest, ACommandForAnotherHostBearsTheJobAndWhoSaysSo) {
  const auto user = clock.run(signed_by(hosts, "alice"));
  const auto said = clock.run(have_done(hosts, Command::cancel, kJob, user));
  ASSERT_TRUE(said);
  ASSERT_EQ(hosts.sent.size(), 1U);
  EXPECT_EQ(hosts.sent[0].job, kJob);
  EXPECT_EQ(hosts.sent[0].what, "cancel");
  EXPECT_EQ(hosts.sent[0].user, "alice@one");
}

TEST(ErrandTest, EveryInstructionIsUnpackedAsWhatWasPacked) {
  for (const auto what : {Instruction::hold, Instruction::release, Instruction::cancel, Instruction::heed_pause,
                          Instruction::try_again}) {
    const auto read = unpack(pack(what));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, what);
  }
  EXPECT_EQ(command_of(Instruction::release), Command::release);
  EXPECT_EQ(command_of(Instruction::heed_pause), std::nullopt);
}

}  // namespace
}  // namespace sluice::pipeline
