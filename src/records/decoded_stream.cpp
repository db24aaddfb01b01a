#include "decoded_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sluice/text/normal.hpp"

namespace sluice::records {

void Position::advance(std::string_view utf8) {
  if (utf8.empty()) return;
  if (!lone_cr_ends) {
    line += static_cast<std::uint64_t>(std::ranges::count(utf8, '\n'));
    const auto last_end = utf8.rfind('\n');
    column =
        last_end == utf8.npos ? column + text::code_points(utf8) : 1 + text::code_points(utf8.substr(last_end + 1));
    return;
  }
  std::uint64_t ends = (utf8[0] == '\n' && !after_cr) || utf8[0] == '\r';
  for (std::size_t i = 1; i < utf8.size(); ++i) {
    ends += static_cast<unsigned>(utf8[i] == '\r');
    ends += static_cast<unsigned>(utf8[i] == '\n') & static_cast<unsigned>(utf8[i - 1] != '\r');
  }
  const auto last_end = ends == 0 && !after_cr ? utf8.npos : utf8.find_last_of("\r\n");
  if (last_end == utf8.npos) {
    column += text::code_points(utf8);
  } else {
    column = 1 + text::code_points(utf8.substr(last_end + 1));
  }
  line += ends;
  after_cr = utf8.back() == '\r';
}

void DecodedStream::feed(std::string_view raw, bool last) {
  drop_taken();
  last_ = last;
  ascii_ = ascii_ && text::is_ascii(raw);
  const auto passed = std::min<std::uint64_t>(skip_, raw.size());
  skip_ -= passed;
  raw.remove_prefix(passed);
  if (fault_) return;
  if (carry_.empty()) {
    append(raw);
  } else {
    carry_ += raw;
    append(std::exchange(carry_, {}));
  }
}

void DecodedStream::append(std::string_view raw) {
  const std::size_t before = text_.size();
  const auto sound = decode(raw);
  const std::uint64_t start = std::exchange(end_, end_ + decoded_.consumed);
  if (const auto nul = text_.find('\0', before); nul != text_.npos) {
    fail_at(text::Word::nul_character, {}, nul - taken_, offset_at(nul - taken_));
  } else if (!sound) {
    const std::size_t at = sound.error().offset;
    const auto word = text::available(encoding_) ? text::Word::undecodable : text::Word::no_gb18030;
    fail_at(word, raw.substr(at, 1), text_.size() - taken_, start + at);
  } else {
    carry_ = raw.substr(decoded_.consumed);
  }
}

/// Decodes what is whole onto the end of the text.
std::expected<void, text::DecodeFault> DecodedStream::decode(std::string_view raw) {
  if (encoding_ == text::Encoding::utf8) {
    const auto whole = text::whole_utf8(raw, last_);
    decoded_.consumed = whole ? *whole : whole.error().offset;
    text_ += raw.substr(0, decoded_.consumed);
    if (!whole) return std::unexpected(whole.error());
    return {};
  }
  const auto sound = text::decode(encoding_, raw, last_, decoded_);
  const auto shift = static_cast<std::uint32_t>(end_ - base_);
  text_ += decoded_.utf8;
  const auto added = origin_.insert(origin_.end(), decoded_.origin.begin(), decoded_.origin.end());
  std::for_each(added, origin_.end(), [=](std::uint32_t& origin) { origin += shift; });
  return sound;
}

void DecodedStream::fail_at(text::Word word, std::string_view bytes, std::size_t text_pos, std::uint64_t offset) {
  const std::string_view before = text().substr(0, text_pos);
  const auto line_end = before.find_last_of(position_.lone_cr_ends ? "\r\n" : "\n");
  const std::uint64_t line_begin = line_end == before.npos ? line_offset_ : offset_at(line_end + 1);
  std::vector<std::string> args = {fmt::to_string(position_at(text_pos).line), fmt::to_string(offset - line_begin + 1),
                                   fmt::to_string(offset + 1)};
  const bool undecodable = word == text::Word::undecodable;
  if (undecodable) {
    args.push_back(fmt::format("0x{:02X}", static_cast<unsigned char>(bytes.front())));
    args.emplace_back(text::name(encoding_));
  }
  fault_ = Fault{.message = {.word = word, .args = std::move(args)},
                 .undecodable = undecodable || word == text::Word::no_gb18030,
                 .offset = offset};
}

void DecodedStream::drop_taken() {
  if (taken_ == 0) return;
  if (!origin_.empty()) {
    const std::uint64_t new_base = offset_at(0);
    const auto shift = static_cast<std::uint32_t>(new_base - base_);
    origin_.erase(origin_.begin(), origin_.begin() + static_cast<std::ptrdiff_t>(taken_));
    for (std::uint32_t& origin : origin_) origin -= shift;
    base_ = new_base;
  } else {
    base_ += taken_;
  }
  text_.erase(0, taken_);
  taken_ = 0;
}

void DecodedStream::take(std::size_t count) {
  const std::string_view passed = text().substr(0, count);
  const std::uint64_t line = position_.line;
  position_.advance(passed);
  if (position_.line != line || position_.column == 1)
    line_offset_ = offset_at(passed.find_last_of(position_.lone_cr_ends ? "\r\n" : "\n") + 1);
  taken_ += count;
}

void DecodedStream::take_line(std::size_t count) {
  ++position_.line;
  position_.column = 1;
  line_offset_ = offset_at(count);
  taken_ += count;
}

Position DecodedStream::position_at(std::size_t pos) const {
  Position position = position_;
  position.advance(text().substr(0, pos));
  return position;
}

std::uint64_t DecodedStream::offset_at(std::size_t pos) const {
  const std::size_t at = taken_ + pos;
  if (at == text_.size()) return end_;
  return base_ + (origin_.empty() ? at : origin_[at]);
}

}  // namespace sluice::records
