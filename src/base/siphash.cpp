#include "sluice/base/siphash.hpp"

#include <bit>
#include <cstring>

#include "sluice/base/check.hpp"

namespace sluice {

namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

std::uint64_t word_at(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kWord);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

class State {
 public:
  explicit State(const SipKey& key)
      : v0_(key.low ^ 0x736f6d6570736575ULL),
        v1_(key.high ^ 0x646f72616e646f6dULL),
        v2_(key.low ^ 0x6c7967656e657261ULL),
        v3_(key.high ^ 0x7465646279746573ULL) {}

  void take(std::uint64_t word) {
    v3_ ^= word;
    round();
    round();
    v0_ ^= word;
  }
  std::uint64_t end() {
    v2_ ^= 0xff;
    for (int i = 0; i < 4; ++i) round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_;
  std::uint64_t v1_;
  std::uint64_t v2_;
  std::uint64_t v3_;
};

}  // namespace

SipKey sip_key(std::string_view bytes) {
  SLUICE_CHECK(bytes.size() >= 2 * kWord, "a key of sixteen bytes");
  return {.low = word_at(bytes.data()), .high = word_at(bytes.data() + kWord)};
}

std::uint64_t siphash(std::string_view bytes, const SipKey& key) {
  State state(key);
  const auto whole = bytes.size() / kWord * kWord;
#pragma clang loop unroll_count(4)  // to count each word costs a tenth of hashing it
  for (std::size_t at = 0; at < whole; at += kWord) state.take(word_at(bytes.data() + at));
  std::uint64_t last = std::uint64_t{bytes.size() & 0xff} << 56;
  const auto left = bytes.size() - whole;
  if (left > 0 && whole > 0) last |= word_at(bytes.data() + bytes.size() - kWord) >> (8 * (kWord - left));
  for (std::size_t i = 0; i < left && whole == 0; ++i) {
    last |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  state.take(last);
  return state.end();
}

}  // namespace sluice
