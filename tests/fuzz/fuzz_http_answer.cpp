// HTTP answers as bytes, cut into pieces however the network likes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "property.hpp"
#include "upstream/answer_parser.hpp"

namespace {

using sluice::adapters::upstream::AnswerLimits;
using sluice::adapters::upstream::AnswerParser;
using Step = AnswerParser::Step;

constexpr AnswerLimits kLimits{.body = 1024, .all = 8192};

Step feed(AnswerParser& parser, std::string_view bytes, std::size_t piece, bool clean) {
  while (!bytes.empty()) {
    const auto next = bytes.substr(0, piece);
    bytes.remove_prefix(next.size());
    if (const auto step = parser.feed(next); step != Step::need_more) return step;
  }
  return parser.end(clean);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  if (bytes.size() > kLimits.all) return 0;  // in one piece it is refused before it is read
  const bool clean = (data[0] & 1) != 0;
  AnswerParser whole(kLimits);
  AnswerParser pieces(kLimits);
  const auto step = feed(whole, bytes, std::max<std::size_t>(bytes.size(), 1), clean);
  FUZZ_PROPERTY(feed(pieces, bytes, 1 + data[1] % 64, clean) == step);
  FUZZ_PROPERTY(step != Step::need_more);
  FUZZ_PROPERTY(whole.complaint().empty() == (step == Step::done));
  FUZZ_PROPERTY(whole.head_done() == pieces.head_done());
  FUZZ_PROPERTY(step != Step::done || whole.head_done());
  // What comes behind the answer is seen only in the piece that ends it.
  FUZZ_PROPERTY(!whole.reusable() || (step == Step::done && pieces.reusable()));
  if (!whole.head_done()) return 0;
  const auto reply = whole.take_reply();
  const auto again = pieces.take_reply();
  FUZZ_PROPERTY(reply.status == again.status && reply.body == again.body && reply.content_type == again.content_type);
  FUZZ_PROPERTY(reply.retry_after == again.retry_after && reply.date == again.date && reply.cache == again.cache);
  FUZZ_PROPERTY(reply.truncated == (step != Step::done) && again.truncated == reply.truncated);
  FUZZ_PROPERTY(reply.body.size() <= kLimits.body);
  return 0;
}
