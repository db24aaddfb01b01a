#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>
#include <string>

#include "ring.hpp"
#include "sluice/base/check.hpp"
#include "sluice/base/stable_hash.hpp"
#include "sluice/pacing/gate.hpp"

namespace sluice::pacing {
namespace {

constexpr std::uint64_t kMagic = 0x3145544147'534cULL;  // "LSGATE1" on disk
constexpr std::uint32_t kVersion = 1;
constexpr double kMillionths = 1e6;
constexpr std::size_t kChecked = kGateBytes - sizeof(std::uint64_t);  // the checksum comes last

template <std::unsigned_integral T>
T little_endian(T value) {
  if constexpr (std::endian::native == std::endian::big) return std::byteswap(value);
  return value;
}

class Put {
 public:
  explicit Put(char* at) : at_(at) {}
  template <std::unsigned_integral T>
  void number(T value) {
    value = little_endian(value);
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  /// The same as one after the other, in one piece where the machine has them so.
  template <std::size_t N>
  void numbers(const std::array<std::uint16_t, N>& values) {
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(at_, values.data(), sizeof values);
      at_ += sizeof values;
    } else {
      for (const auto value : values) number(value);
    }
  }
  void nanos(Nanos value) { number(static_cast<std::uint64_t>(value.count())); }
  void time(Boottime value) { nanos(value.time_since_epoch()); }

 private:
  char* at_;
};

class Get {
 public:
  explicit Get(const char* at) : at_(at) {}
  template <std::unsigned_integral T>
  T number() {
    T value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return little_endian(value);
  }
  Nanos nanos() { return Nanos{static_cast<std::int64_t>(number<std::uint64_t>())}; }
  Boottime time() { return Boottime{nanos()}; }

 private:
  const char* at_;
};

/// FNV-1a by words, each step folded so that every bit reaches the low half. Finds torn and damaged files; nobody
/// attacks this one. By words because the state is read and written at each request.
std::uint64_t checksum(const char* bytes) {
  std::uint64_t sum = kFnvStart;
  Get get(bytes);
  for (std::size_t i = 0; i < kChecked; i += sizeof sum) {
    sum = fnv_step(sum, get.number<std::uint64_t>());
    sum ^= sum >> 32;
  }
  return sum;
}

void put_group(Put& put, const Group& group) {
  put.time(group.anchor);
  put.number(group.taken);
  put.numbers(group.open);
}

Group get_group(Get& get) {
  Group group;
  group.anchor = get.time();
  group.taken = get.number<std::uint32_t>();
  for (std::uint16_t& open : group.open) open = get.number<std::uint16_t>();
  return group;
}

bool sound(const GateState& state) {
  // Bytes with the right checksum may still come from a version with other bounds; what this one can't have written it
  // does not use.
  if (state.widening < 1.0 || state.widening > 4.0 || state.boot_id.back() != '\0') return false;
  for (const Group& group : state.groups) {
    std::uint32_t open = 0;
    for (const std::uint16_t of_one : group.open) open += of_one;
    // More open than taken would keep a window shut for ever; more taken than there are would let it leak (I5).
    if (open > group.taken || group.taken > ring_of(state.rate).slots) return false;
  }
  return true;
}

}  // namespace

std::string to_bytes(const GateState& state) {
  std::string bytes;
  to_bytes(state, bytes);
  return bytes;
}

void to_bytes(const GateState& state, std::string& bytes) {
  bytes.resize(kGateBytes);
  Put put(bytes.data());
  put.number(kMagic);
  put.number(kVersion);
  put.number(state.rate.requests);
  put.nanos(state.rate.per);
  for (const char c : state.boot_id) put.number(static_cast<std::uint8_t>(c));
  put.time(state.next_start);
  put.time(state.closed_until);
  put.number(static_cast<std::uint64_t>(std::llround(state.widening * kMillionths)));
  put.time(state.widened_at);
  put.time(state.episode_until);
  put.number(state.newest);
  for (const Group& group : state.groups) put_group(put, group);
  Put(bytes.data() + kChecked).number(checksum(bytes.data()));
}

bool may_be_gate(std::string_view bytes) {
  std::string mark(sizeof kMagic, '\0');
  Put(mark.data()).number(kMagic);
  return bytes.starts_with(mark) || bytes.find_first_not_of('\0') == bytes.npos;
}

std::optional<GateState> from_bytes(std::string_view bytes) {
  if (bytes.size() != kGateBytes) return std::nullopt;
  // Torn by a crash in the middle of a write, or damaged: both begin again after one window.
  if (Get(bytes.data() + kChecked).number<std::uint64_t>() != checksum(bytes.data())) return std::nullopt;
  Get get(bytes.data());
  if (get.number<std::uint64_t>() != kMagic || get.number<std::uint32_t>() != kVersion) return std::nullopt;
  GateState state;
  state.rate.requests = get.number<std::uint32_t>();
  state.rate.per = get.nanos();
  const bool rate_sound = state.rate.requests > 0 && state.rate.requests <= kMaxRequests && state.rate.per > Nanos{0};
  if (!rate_sound) return std::nullopt;
  for (char& c : state.boot_id) c = static_cast<char>(get.number<std::uint8_t>());
  state.next_start = get.time();
  state.closed_until = get.time();
  state.widening = static_cast<double>(get.number<std::uint64_t>()) / kMillionths;
  state.widened_at = get.time();
  state.episode_until = get.time();
  state.newest = get.number<std::uint64_t>();
  for (Group& group : state.groups) group = get_group(get);
  return sound(state) ? std::optional(state) : std::nullopt;
}

}  // namespace sluice::pacing
