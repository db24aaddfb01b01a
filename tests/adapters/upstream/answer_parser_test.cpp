#include "adapters/upstream/answer_parser.hpp"

#include <gtest/gtest.h>

namespace sluice::adapters::upstream {
namespace {

using Step = AnswerParser::Step;
using namespace std::chrono_literals;

constexpr std::string_view kChunked =
    "HTTP/1.1 100 Continue\r\n\r\n"
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;note=x\r\n{\"cod\r\n7\r\ne\":200}\r\n0\r\nTrailer: x\r\n\r\n";

TEST(AnswerParser, TakesAnAnswerHoweverItIsCutIntoPieces) {
  for (std::size_t piece = 1; piece <= kChunked.size(); ++piece) {
    AnswerParser parser;
    Step step = Step::need_more;
    for (std::size_t at = 0; at < kChunked.size(); at += piece) {
      ASSERT_EQ(step, Step::need_more);
      step = parser.feed(kChunked.substr(at, piece));
    }
    ASSERT_EQ(step, Step::done) << piece << parser.complaint();
    EXPECT_TRUE(parser.reusable());
    const auto reply = parser.take_reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "{\"code\":200}");
    EXPECT_FALSE(reply.truncated);
  }
}

struct Case {
  std::string_view bytes;
  bool ends_clean;
  Step step;
  bool head;
  bool reusable;
};

TEST(AnswerParser, TellsWholeAnswersFromCutAndBrokenOnes) {
  const Case cases[] = {
      {"HTTP/1.1 204 No Content\r\n\r\n", true, Step::done, true, true},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", true, Step::done, true, true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true, Step::done, true, true},
      {"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n{}", true, Step::done, true, true},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", true, Step::done, true, false},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", true, Step::done, true, false},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP", true, Step::done, true, false},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", true, Step::done, true, false},
      {"HTTP/1.1 200 OK\r\n\r\n{}", true, Step::done, true, false},
      {"HTTP/1.1 200 OK\r\n\r\n{}", false, Step::broken, true, false},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", true, Step::broken, true, false},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", true, Step::broken, true, false},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", true, Step::broken, true, false},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", true, Step::broken, false, false},
      {"HTTP/1.1 200 OK\r\nContent-Le", true, Step::broken, false, false},
      {"HTTP/1.1 100 Continue\r\n\r\n", true, Step::broken, false, false},
      {"", true, Step::broken, false, false},
      {"hello\r\n\r\n", true, Step::broken, false, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.bytes);
    AnswerParser parser;
    Step step = parser.feed(c.bytes);
    if (step == Step::need_more) step = parser.end(c.ends_clean);
    EXPECT_EQ(step, c.step);
    EXPECT_EQ(parser.head_done(), c.head);
    EXPECT_EQ(parser.reusable(), c.reusable);
    EXPECT_EQ(parser.complaint().empty(), c.step == Step::done);
  }
}

TEST(AnswerParser, ABodyAtTheCapPassesAndOneByteMoreDoesNot) {
  for (const std::size_t size : {8U, 9U}) {
    const std::string body(size, 'x');
    const std::string counted = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body;
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::to_string(size) +
                                "\r\n" + body + "\r\n0\r\n\r\n";
    for (const std::string& bytes : {counted, chunked}) {
      AnswerParser parser(8);
      EXPECT_EQ(parser.feed(bytes), size == 8 ? Step::done : Step::broken);
      ASSERT_TRUE(parser.head_done());
      const auto reply = parser.take_reply();
      EXPECT_EQ(reply.truncated, size == 9);
      EXPECT_LE(reply.body.size(), 8U);
    }
  }
}

TEST(AnswerParser, AnAbsurdLengthOrHeadIsRefusedWithoutRoomForIt) {
  AnswerParser absurd;
  EXPECT_EQ(absurd.feed("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n"), Step::broken);
  AnswerParser endless;
  EXPECT_EQ(endless.feed("HTTP/1.1 200 OK\r\nX: " + std::string(2 * kMostHeadBytes, 'x')), Step::broken);
  EXPECT_FALSE(endless.head_done());
}

TEST(AnswerParser, ReadsHowLongTheServerKeepsTheConnection) {
  const auto keep = [](const std::string& header) {
    AnswerParser parser;
    parser.feed("HTTP/1.1 200 OK\r\n" + header + "Content-Length: 0\r\n\r\n");
    return parser.keep_alive();
  };
  EXPECT_EQ(keep(""), std::nullopt);
  EXPECT_EQ(keep("Keep-Alive: timeout=5\r\n"), 5s);
  EXPECT_EQ(keep("Keep-Alive: timeout=5, max=100\r\n"), 5s);
  EXPECT_EQ(keep("Keep-Alive: max=100, Timeout=7\r\n"), 7s);
  EXPECT_EQ(keep("Keep-Alive: timeout=soon\r\n"), std::nullopt);
}

}  // namespace
}  // namespace sluice::adapters::upstream
