#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::adapters::upstream {

/// The body of one answer, out of bytes as they come (RFC 9112, 6 and 7.1). Strict but for blanks behind a chunk's
/// size, with which some servers pad it. Chunk extensions and trailers are read over and never kept.
class BodyReader {
 public:
  enum class Framing : std::uint8_t {
    none,
    counted,    ///< Content-Length
    chunked,    ///< Transfer-Encoding: chunked
    to_the_end  ///< of the connection
  };
  enum class Step : std::uint8_t { need_more, done, broken };

  /// `length` is of a counted one. A body above `most_bytes` is broken, with what fits.
  BodyReader(Framing framing, std::uint64_t length, std::size_t most_bytes);

  /// Takes what belongs to the body off the front of `bytes`. After done or broken, nothing more.
  Step feed(std::string_view& bytes);
  /// Whether the end of the connection is the body's end.
  bool may_end_here() const { return framing_ == Framing::to_the_end; }
  std::string take() { return std::move(body_); }
  /// What is wrong with it, for people.
  const std::string& complaint() const { return complaint_; }

 private:
  /// Where in a chunked body the next byte stands.
  enum class At : std::uint8_t {
    size,
    blanks,
    extension,
    size_end,
    data,
    data_return,
    data_end,
    trailer_begin,
    trailer,
    trailer_end,
    last_end
  };

  Step append(std::string_view& bytes);
  Step chunked(std::string_view& bytes);
  Step chunk_byte(char byte);
  Step size_byte(char byte);
  Step size_read();
  /// The byte that must come next, and what it leads to.
  Step expect(char byte, char wanted, At next);
  Step broken(std::string words);

  Framing framing_;
  std::uint64_t left_;  ///< of the body, or of the chunk
  std::size_t most_bytes_;
  At at_ = At::size;
  std::string size_line_;  ///< the size's digits, and what broke off there
  std::string body_;
  std::string complaint_;
};

}  // namespace sluice::adapters::upstream
