#pragma once

#include <optional>
#include <string_view>

namespace sluice::adapters::posix {

/// The name of a filesystem type that other machines may reach too, where neither locks nor CLOCK_BOOTTIME can be
/// shared; nullopt: local. `type` is statfs::f_type (statfs(2)). FUSE counts as one: what stands behind it can't be
/// told.
std::optional<std::string_view> network_filesystem(long type);

/// The same of an open file; nullopt also where the kernel doesn't say.
std::optional<std::string_view> network_filesystem_of(int fd);

}  // namespace sluice::adapters::posix
