#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

#include "sluice/base/stable_hash.hpp"
#include "sluice/base/time.hpp"

namespace sluice::simulation {

/// What happened, in order. The fingerprint is always kept (two runs of one seed must agree); the text only on demand.
class Trace {
 public:
  explicit Trace(bool wanted) : wanted_(wanted) {}

  template <class... Args>
  void operator()(Nanos at, fmt::format_string<Args...> format, Args&&... args) {
    stamp(static_cast<std::uint64_t>(at.count()));
    if (!wanted_) return;
    fmt::format_to(std::back_inserter(text_), "{:>14.6f}  ", static_cast<double>(at.count()) / 1e9);
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  void stamp(std::uint64_t value) { fingerprint_ = fnv_step(fingerprint_, value); }
  std::uint64_t fingerprint() const { return fingerprint_; }
  bool wanted() const { return wanted_; }
  const std::string& text() const { return text_; }

 private:
  bool wanted_;
  std::uint64_t fingerprint_ = kFnvStart;
  std::string text_;
};

}  // namespace sluice::simulation
