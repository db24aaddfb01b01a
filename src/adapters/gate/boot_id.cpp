#include "gate/boot_id.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>

#include "posix/content.hpp"
#include "posix/fd.hpp"

namespace sluice::adapters::gate {
namespace {

constexpr std::size_t kWithDashes = 36;
constexpr std::size_t kDigits = 32;

std::string kernels(const std::string& path) {
  const posix::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string id(kWithDashes, '\0');
  const auto got = file ? posix::read_fully(file, id.data(), id.size(), 0) : 0;
  return got && *got == id.size() ? id : "";
}

/// As the kernel writes it, so that processes that are told in the one way and in the other share a gate.
std::string with_dashes(std::string_view digits) {
  if (digits.size() != kDigits || digits.find_first_not_of("0123456789abcdef") != digits.npos) return "";
  const auto part = [&](std::size_t at, std::size_t length) { return std::string(digits.substr(at, length)); };
  return part(0, 8) + "-" + part(8, 4) + "-" + part(12, 4) + "-" + part(16, 4) + "-" + part(20, 12);
}

}  // namespace

std::string boot_id(const std::string& kernels_file, const char* told) {
  auto id = kernels(kernels_file);
  return id.empty() && told != nullptr ? with_dashes(told) : id;
}

}  // namespace sluice::adapters::gate
