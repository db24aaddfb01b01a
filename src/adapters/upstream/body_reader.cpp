#include "upstream/body_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sluice/text/shown.hpp"
#include "sluice/text/words/upstream.hpp"

namespace sluice::adapters::upstream {

namespace {

constexpr std::size_t kMostSizeDigits = 16;  // of a 64-bit number

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

BodyReader::BodyReader(Framing framing, std::uint64_t length, std::size_t most_bytes)
    : framing_(framing), left_(framing == Framing::counted ? length : 0), most_bytes_(most_bytes) {}

BodyReader::Step BodyReader::feed(std::string_view& bytes) {
  switch (framing_) {
    case Framing::none:
      return Step::done;
    case Framing::counted: {
      const bool fits = left_ <= most_bytes_ - body_.size();
      if (!fits) return broken(text::words::body_too_long(text::size_words(most_bytes_)));
      if (body_.empty()) body_.reserve(static_cast<std::size_t>(left_));
      if (append(bytes) == Step::broken) return Step::broken;
      return left_ == 0 ? Step::done : Step::need_more;
    }
    case Framing::chunked:
      return chunked(bytes);
    case Framing::to_the_end:
      left_ = bytes.size();
      return append(bytes);
  }
  return Step::broken;
}

/// As many bytes as are there, are wanted and fit.
BodyReader::Step BodyReader::append(std::string_view& bytes) {
  const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  const auto room = most_bytes_ - body_.size();
  body_.append(bytes.substr(0, std::min(take, room)));
  if (take > room) return broken(text::words::body_too_long(text::size_words(most_bytes_)));
  bytes.remove_prefix(take);
  left_ -= take;
  return Step::need_more;
}

BodyReader::Step BodyReader::chunked(std::string_view& bytes) {
  while (!bytes.empty()) {
    if (at_ == At::data) {
      if (append(bytes) == Step::broken) return Step::broken;
      if (left_ == 0) at_ = At::data_return;
      continue;
    }
    const char byte = bytes.front();
    bytes.remove_prefix(1);
    if (const auto step = chunk_byte(byte); step != Step::need_more) return step;
  }
  return Step::need_more;
}

BodyReader::Step BodyReader::chunk_byte(char byte) {
  switch (at_) {
    case At::size:
    case At::blanks:
      return size_byte(byte);
    case At::extension:
      if (byte == '\n') return broken(text::words::chunk_extension_ends());
      if (byte == '\r') at_ = At::size_end;
      return Step::need_more;
    case At::size_end:
      if (byte == '\n') return size_read();
      return expect(byte, '\n', At::data);
    case At::data:
      return Step::need_more;  // chunked() takes these
    case At::data_return:
      return expect(byte, '\r', At::data_end);
    case At::data_end:
      return expect(byte, '\n', At::size);
    case At::trailer_begin:
      at_ = byte == '\r' ? At::last_end : At::trailer;
      return Step::need_more;
    case At::trailer:
      if (byte == '\r') at_ = At::trailer_end;
      return Step::need_more;
    case At::trailer_end:
      return expect(byte, '\n', At::trailer_begin);
    case At::last_end:
      return expect(byte, '\n', At::size) == Step::broken ? Step::broken : Step::done;
  }
  return Step::broken;
}

/// Digits, then blanks, then an extension or the line's end.
BodyReader::Step BodyReader::size_byte(char byte) {
  if (at_ == At::size && is_hex(byte) && size_line_.size() < kMostSizeDigits) {
    size_line_ += byte;
    return Step::need_more;
  }
  const bool sized = !size_line_.empty();
  if (sized && byte == '\r') {
    at_ = At::size_end;
  } else if (sized && byte == ';') {
    at_ = At::extension;
  } else if (sized && (byte == ' ' || byte == '\t')) {
    at_ = At::blanks;
  } else {
    return broken(text::words::chunk_size_unread(text::shown(size_line_ + byte, 2 * kMostSizeDigits)));
  }
  return Step::need_more;
}

BodyReader::Step BodyReader::size_read() {
  std::from_chars(size_line_.data(), size_line_.data() + size_line_.size(), left_, 16);
  size_line_.clear();
  at_ = left_ == 0 ? At::trailer_begin : At::data;
  return Step::need_more;
}

BodyReader::Step BodyReader::expect(char byte, char wanted, At next) {
  if (byte != wanted) return broken(text::words::chunk_ends_elsewhere());
  at_ = next;
  return Step::need_more;
}

BodyReader::Step BodyReader::broken(std::string words) {
  complaint_ = std::move(words);
  return Step::broken;
}

}  // namespace sluice::adapters::upstream
