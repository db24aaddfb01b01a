#pragma once

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace sluice::adapters {

/// A system call that a file system or a disk refuses, told apart by its second argument where that is set.
struct Refusal {
  std::uint32_t call;
  int error;
  std::optional<std::uint32_t> second_argument = {};
};

/// Does the work on a thread for which, and for whose threads, the kernel answers these calls with these errors
/// (seccomp(2)): a real NFS or a dying disk as far as the program can tell. False: this kernel doesn't let us.
inline bool with_refusals(const std::vector<Refusal>& refusals, const std::function<void()>& work) {
  std::vector<sock_filter> filter;
  const auto number = static_cast<std::uint32_t>(offsetof(seccomp_data, nr));
  const auto second = static_cast<std::uint32_t>(offsetof(seccomp_data, args) + sizeof(std::uint64_t));
  for (const auto& refusal : refusals) {
    const bool argument = refusal.second_argument.has_value();
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number));
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refusal.call, 0, static_cast<std::uint8_t>(argument ? 3 : 1)));
    if (argument) {
      filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, second));
      filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, *refusal.second_argument, 0, 1));
    }
    filter.push_back(
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(refusal.error) & SECCOMP_RET_DATA)));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  bool refused = false;
  std::thread([&] {
    const sock_fprog program{.len = static_cast<unsigned short>(filter.size()), .filter = filter.data()};
    refused =
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
    if (refused) work();
  }).join();
  return refused;
}

}  // namespace sluice::adapters
