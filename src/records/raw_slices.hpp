#pragma once

#include <string_view>

#include "sluice/text/encoding.hpp"

namespace sluice::records {

/// Raw bytes decoded to be looked at, and cut in the raw where the text says.
class RawSlices {
 public:
  RawSlices(text::Encoding encoding, std::string_view raw) : raw_(raw) {
    sound_ = text::decode(encoding, raw, true, decoded_).has_value();
  }

  bool sound() const { return sound_; }
  std::string_view text() const { return decoded_.utf8; }
  /// The raw bytes of text()[begin, end).
  std::string_view raw(std::size_t begin, std::size_t end) const {
    return raw_.substr(offset(begin), offset(end) - offset(begin));
  }
  std::string_view raw_from(std::size_t begin) const { return raw_.substr(offset(begin)); }

 private:
  std::size_t offset(std::size_t pos) const {
    if (pos == decoded_.utf8.size()) return decoded_.consumed;
    return decoded_.origin.empty() ? pos : decoded_.origin[pos];
  }

  std::string_view raw_;
  text::Decoded decoded_;
  bool sound_ = false;
};

}  // namespace sluice::records
