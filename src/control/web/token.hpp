#pragma once

#include <array>
#include <string>
#include <string_view>

namespace sluice::control::web {

/// 256 bits that nobody can guess, in hex: a link's token or a session's cookie.
std::string new_token();

/// SHA-256 of a token: what is kept instead of it, so that nothing in memory signs anybody in.
using Digest = std::array<unsigned char, 32>;
Digest digest_of(std::string_view token);
std::string hex(const Digest& digest);

/// In a time that does not tell how much of it is the same.
bool same(const Digest& one, const Digest& other);
bool same(std::string_view one, std::string_view other);

}  // namespace sluice::control::web
