#include "adapters/upstream/answer_parser.hpp"

#include <gmock/gmock.h>

namespace sluice::adapters::upstream {
namespace {

using Step = AnswerParser::Step;
using testing::HasSubstr;
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
      AnswerParser parser({.body = 8});
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

constexpr std::string_view kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(AnswerParser, ReadsChunkSizesPaddedWithBlanks) {
  AnswerParser parser;
  ASSERT_EQ(parser.feed(std::string(kChunkedHead) + "5  \r\n{\"cod\r\n0000007 \t;a=b\r\ne\":200}\r\n0 \r\n\r\n"),
            Step::done)
      << parser.complaint();
  EXPECT_EQ(parser.take_reply().body, "{\"code\":200}");
}

TEST(AnswerParser, TellsWhichChunkItCannotRead) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"5 x\r\nhello\r\n", "a chunk's size can't be read: 5x"},
      {" 5\r\nhello\r\n", "a chunk's size can't be read"},
      {"\r\n", "a chunk's size can't be read"},
      {"-1\r\n", "a chunk's size can't be read"},
      {"10000000000000000\r\n", "a chunk's size can't be read"},
      {"5\nhello\r\n", "a chunk's size can't be read"},
      {"5;a\nhello\r\n", "extension"},
      {"5\r\nhello!\r\n", "where its size says"},
      {"5\r\nhello\n0\r\n\r\n", "where its size says"},
      {"5\rhello", "where its size says"},
  };
  for (const auto& [chunk, words] : cases) {
    SCOPED_TRACE(chunk);
    AnswerParser parser;
    ASSERT_EQ(parser.feed(std::string(kChunkedHead) + std::string(chunk)), Step::broken);
    EXPECT_THAT(parser.complaint(), HasSubstr(words));
    EXPECT_THAT(parser.take_reply().flaw, HasSubstr(words));
  }
}

/// Feeds the same piece until the parser has had enough; how many bytes that took.
std::size_t feed_until_broken(AnswerParser& parser, const std::string& piece) {
  std::size_t fed = 0;
  while (fed < std::size_t{64} << 20U) {
    fed += piece.size();
    if (parser.feed(piece) != Step::need_more) return fed;
  }
  return fed;
}

TEST(AnswerParser, EveryByteOfAnAnswerCountsAgainstOneLimit) {
  constexpr AnswerLimits kLimits;
  const std::string filler(16 * 1024, 'x');
  struct Flood {
    std::string before;
    std::string piece;
  };
  const Flood floods[] = {
      {std::string(kChunkedHead) + "5;", filler},                        // a chunk's extension
      {std::string(kChunkedHead), "1;" + filler + "\r\nx\r\n"},          // extensions of many chunks
      {std::string(kChunkedHead) + "0\r\n", "T: " + filler + "\r\n"},    // trailers
      {"", "HTTP/1.1 103 Early Hints\r\nLink: " + filler + "\r\n\r\n"},  // interim answers
      {std::string(kChunkedHead), "00000000000001\r\nx\r\n"},            // next to no body
  };
  for (const auto& [before, piece] : floods) {
    SCOPED_TRACE(before + piece.substr(0, 30));
    AnswerParser parser;
    ASSERT_EQ(parser.feed(before), Step::need_more);
    EXPECT_LE(feed_until_broken(parser, piece), kLimits.all + piece.size());
    EXPECT_THAT(parser.complaint(), HasSubstr("longer than"));
  }
}

TEST(AnswerParser, SaysWhatMayBeWhyNothingCanBeMadeOfAnAnswer) {
  const std::pair<std::string, std::string> cases[] = {
      {"Content-Length: 2\r\n\r\n{}", ""},
      {"Content-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}", ""},
      {"Content-Length: 2\r\n\r\n{}}}}", "3 bytes came beyond its end (its Content-Length)"},
      {"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nX", "1 bytes came beyond its end (its last chunk)"},
      {"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "compressed"},
      {"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "compressed"},
  };
  for (const auto& [rest, flaw] : cases) {
    SCOPED_TRACE(rest);
    AnswerParser parser;
    ASSERT_EQ(parser.feed("HTTP/1.1 200 OK\r\n" + rest), Step::done);
    const auto reply = parser.take_reply();
    EXPECT_THAT(reply.flaw, HasSubstr(flaw));
    EXPECT_EQ(reply.flaw.empty(), flaw.empty());
    EXPECT_FALSE(reply.truncated);
  }
}

TEST(AnswerParser, HandsUpWhatTellsOfACache) {
  AnswerParser parser;
  parser.feed(
      "HTTP/1.1 200 OK\r\nAge: 7\r\nX-Cache: HIT from edge\r\nCache-Control: max-age=60\r\n"
      "CF-Cache-Status: DYNAMIC\r\nContent-Length: 0\r\n\r\n");
  const auto reply = parser.take_reply();
  EXPECT_EQ(reply.age, "7");
  EXPECT_EQ(reply.cache, "X-Cache: HIT from edge\nCF-Cache-Status: DYNAMIC");
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
