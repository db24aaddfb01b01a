#include "gb18030_tables.hpp"

#include <iconv.h>

#include <memory>
#include <span>

#include "utf8.hpp"

namespace sluice::text {
namespace {

class Iconv {
 public:
  Iconv() : handle_(iconv_open("UTF-32LE", "GB18030")) {}
  ~Iconv() {
    if (usable()) iconv_close(handle_);
  }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;

  bool usable() const {
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): iconv_open's own error value
  }

  /// The one code point that these bytes stand for; 0: none, or more than one.
  char32_t code_point(std::span<char> code) const {
    char out[8];
    char* in_at = code.data();
    char* out_at = out;
    std::size_t in_left = code.size();
    std::size_t out_left = sizeof out;
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    const auto result = iconv(handle_, &in_at, &in_left, &out_at, &out_left);
    if (result != 0 || in_left != 0 || out_left != sizeof out - 4) return 0;
    char32_t value = 0;
    for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<std::uint8_t>(out[i]);
    return value;
  }

 private:
  iconv_t handle_;
};

void fill_two_byte(const Iconv& iconv, Gb18030Tables& tables) {
  for (unsigned first = 0x81; first <= 0xFE; ++first) {
    for (unsigned second = 0x40; second <= 0xFE; ++second) {
      char code[] = {static_cast<char>(first), static_cast<char>(second)};
      const char32_t value = second == 0x7F ? 0 : iconv.code_point(code);
      if (value == 0) continue;
      char utf8[4];
      const auto length = static_cast<unsigned>(put_utf8(value, utf8) - utf8);
      std::uint32_t packed = 0;
      for (unsigned k = 0; k < length; ++k)
        packed |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(utf8[k])) << (8 * k);
      tables.two_byte[two_byte_index(static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second))] = packed;
      if (value <= 0xFFFF) tables.of_bmp[value] = first << 8 | second;
    }
  }
}

void fill_four_byte(const Iconv& iconv, Gb18030Tables& tables) {
  for (std::uint32_t number = 0; number < kFourByteBmpCodes; ++number) {
    char code[] = {static_cast<char>(0x81 + number / 12600), static_cast<char>(0x30 + number / 1260 % 10),
                   static_cast<char>(0x81 + number / 10 % 126), static_cast<char>(0x30 + number % 10)};
    const char32_t value = iconv.code_point(code);
    if (value == 0 || value > 0xFFFF) continue;
    tables.four_byte[number] = static_cast<std::uint16_t>(value);
    if (tables.of_bmp[value] == 0) tables.of_bmp[value] = 0x10000 + number;
  }
}

}  // namespace

const Gb18030Tables* gb18030_tables() {
  static const std::unique_ptr<const Gb18030Tables> tables = [] {
    const Iconv iconv;
    if (!iconv.usable()) return std::unique_ptr<Gb18030Tables>();
    auto built = std::make_unique<Gb18030Tables>();
    fill_two_byte(iconv, *built);
    fill_four_byte(iconv, *built);
    return built;
  }();
  return tables.get();
}

}  // namespace sluice::text
