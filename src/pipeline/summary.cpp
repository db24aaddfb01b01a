#include <fmt/format.h>

#include "finish.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kLongestName = 255;  // of a file, in bytes (Linux, NAME_MAX)

std::string time_or_null(const std::optional<WallTime>& t) {
  return t ? fmt::format("\"{}\"", rfc3339(*t)) : "null";
}

}  // namespace

std::string summary(const ports::JobHeader& job) {
  const auto name = text::is_utf8(job.name) ? job.name : text::shown(job.name, kLongestName);
  std::string counts;
  for (const auto outcome : records::kEveryOutcome) {
    counts += fmt::format("{}\"{}\": {}", counts.empty() ? "" : ", ", records::name(outcome), job.counts[outcome]);
  }
  return fmt::format(
      "{{\n  \"job\": \"{}\",\n  \"name\": \"{}\",\n  \"service\": \"{}\",\n  \"rows\": {},\n  \"counts\": {{{}}},\n"
      "  \"requests\": {},\n  \"started\": {},\n  \"finished\": {},\n  \"exit\": {}\n}}\n",
      to_string(job.id), text::json_escaped(name), orders::service(job.service).name, job.rows, counts, job.requests,
      time_or_null(job.started_at), time_or_null(job.finished_at), job.exit);
}

}  // namespace sluice::pipeline
