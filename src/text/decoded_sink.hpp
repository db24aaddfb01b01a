#pragma once

#include "sluice/text/encoding.hpp"
#include "utf8.hpp"

namespace sluice::text {

/// Fills a Decoded in one pass over memory reserved beforehand: two raw bytes become at most three of UTF-8 and four at
/// most four, in UTF-16 as in GB18030.
class DecodedSink {
 public:
  DecodedSink(std::size_t raw_bytes, Decoded& out) : out_(out) {
    const std::size_t most = raw_bytes + raw_bytes / 2 + 4;
    if (out.utf8.size() < most) out.utf8.resize(most);
    if (out.origin.size() < most) out.origin.resize(most);
    text_ = out.utf8.data();
    origin_ = out.origin.data();
  }
  DecodedSink(const DecodedSink&) = delete;
  DecodedSink& operator=(const DecodedSink&) = delete;

  void code_point(char32_t value, std::size_t offset) {
    char* end = put_utf8(value, text_);
    while (text_ != end) {
      ++text_;
      *origin_++ = static_cast<std::uint32_t>(offset);
    }
  }

  /// A character as its UTF-8 bytes, the first in the lowest byte.
  void packed(std::uint32_t bytes, std::size_t offset) {
    for (; bytes != 0; bytes >>= 8) {
      *text_++ = static_cast<char>(bytes);
      *origin_++ = static_cast<std::uint32_t>(offset);
    }
  }

  void ascii_run(const char* begin, const char* end, std::size_t offset) {
    for (; begin != end; ++begin) {
      *text_++ = *begin;
      *origin_++ = static_cast<std::uint32_t>(offset++);
    }
  }

  void finish(std::size_t consumed) {
    const auto size = static_cast<std::size_t>(text_ - out_.utf8.data());
    out_.utf8.resize(size);
    out_.origin.resize(size);
    out_.consumed = consumed;
  }

 private:
  Decoded& out_;
  char* text_;
  std::uint32_t* origin_;
};

}  // namespace sluice::text
