#pragma once

#include <string>

namespace sluice::adapters::gate {

/// Where the kernel tells it (random(4)), but to no process whose unit says ProcSubset=pid; there the unit tells it, as
/// systemd's specifier %b, in this variable of the environment.
inline constexpr const char* kKernelsBootId = "/proc/sys/kernel/random/boot_id";
inline constexpr const char* kToldBootId = "SLUICE_BOOT_ID";

/// What tells this boot from all others: CLOCK_BOOTTIME begins anew with each. Empty: nobody says.
std::string boot_id(const std::string& kernels_file, const char* told);

}  // namespace sluice::adapters::gate
