#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "posix_fd.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters {

/// As many bytes as there are; fewer only at the end. Or errno.
std::expected<std::size_t, int> read_fully(const Fd& fd, char* into, std::size_t size, std::uint64_t offset);

/// SHA-256 of the whole file, in hex. `shown`: its name for people.
Result<std::string> hash_of_content(const Fd& fd, const std::string& shown);

}  // namespace sluice::adapters
