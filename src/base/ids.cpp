#include "sluice/base/ids.hpp"

#include <fmt/format.h>

#include <charconv>

namespace sluice {

std::string to_string(JobId job) {
  return fmt::format("{:08}-{}", job.day, job.n);
}

std::optional<JobId> parse_job_id(std::string_view text) {
  JobId job;
  if (text.size() < 10 || text[8] != '-' || text[9] == '0') return std::nullopt;
  const auto* end = text.data() + text.size();
  auto [day_end, day_error] = std::from_chars(text.data(), text.data() + 8, job.day);
  auto [n_end, n_error] = std::from_chars(text.data() + 9, end, job.n);
  if (day_error != std::errc{} || day_end != text.data() + 8 || n_error != std::errc{} || n_end != end) {
    return std::nullopt;
  }
  return job;
}

}  // namespace sluice
