#include "app/log_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace sluice::app {
namespace {

/// A reader that reads nothing before it is asked to.
class Stalled {
 public:
  explicit Stalled(bool socket) {
    if (socket) {
      EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    } else {
      EXPECT_EQ(::pipe(ends_.data()), 0);
    }
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~Stalled() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Stalled(const Stalled&) = delete;
  Stalled& operator=(const Stalled&) = delete;

  int writing() const { return ends_[1]; }
  std::string read_all() {
    std::string all;
    std::array<char, 65536> some{};
    for (ssize_t got = 0; (got = ::read(ends_[0], some.data(), some.size())) > 0;) all.append(some.data(), got);
    return all;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

constexpr int kLines = 2000;
std::string line(int n) {
  return std::to_string(n) + std::string(500, '.') + "\n";
}

class LogWriterTest : public testing::TestWithParam<bool> {};

TEST_P(LogWriterTest, AStalledReaderIsNotWaitedForAndWhatItMissesIsCounted) {
  Stalled reader(GetParam());
  LogWriter writer(reader.writing());
  for (int n = 0; n < kLines; ++n) writer.put(line(n));
  EXPECT_EQ(writer.take_dropped(), 0U) << "not before the reader can hear of it";
  std::string read = reader.read_all();
  while (!writer.flush()) read += reader.read_all();
  read += reader.read_all();
  const auto dropped = writer.take_dropped();
  EXPECT_GT(dropped, 0U);
  EXPECT_EQ(writer.take_dropped(), 0U);
  std::string expected;
  for (int n = 0; n < kLines - static_cast<int>(dropped); ++n) expected += line(n);
  EXPECT_TRUE(read == expected) << "whole lines, in order, up to the first that was dropped";
}

TEST_P(LogWriterTest, AReaderThatKeepsUpMissesNothing) {
  Stalled reader(GetParam());
  LogWriter writer(reader.writing());
  std::string expected;
  std::string read;
  for (int n = 0; n < kLines; ++n) {
    writer.put(line(n));
    expected += line(n);
    read += reader.read_all();
  }
  EXPECT_TRUE(read == expected);
  EXPECT_EQ(writer.take_dropped(), 0U);
}

INSTANTIATE_TEST_SUITE_P(PipesAndSockets, LogWriterTest, testing::Bool());

TEST(LogWriter, OnADatagramSocketEachLineIsADatagramAlsoAfterAStall) {
  std::array<int, 2> ends{-1, -1};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()), 0);
  LogWriter writer(ends[1]);
  for (int n = 0; n < kLines; ++n) writer.put(line(n));
  int next = 0;
  std::array<char, 65536> some{};
  do {
    for (ssize_t got = 0; (got = ::recv(ends[0], some.data(), some.size(), MSG_DONTWAIT)) > 0; ++next) {
      ASSERT_EQ(std::string(some.data(), got), line(next));
    }
  } while (!writer.flush() || next == 0);
  for (ssize_t got = 0; (got = ::recv(ends[0], some.data(), some.size(), MSG_DONTWAIT)) > 0;) ++next;
  EXPECT_EQ(next + static_cast<int>(writer.take_dropped()), kLines);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(LogWriter, TheDescriptionThatItSharesStaysBlocking) {
  Stalled reader(false);
  const LogWriter writer(reader.writing());
  EXPECT_EQ(::fcntl(reader.writing(), F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace sluice::app
