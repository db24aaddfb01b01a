#include "used_numbers.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <ranges>
#include <span>
#include <string_view>
#include <system_error>

#include "sluice/adapters/spool/last_job.hpp"
#include "sluice/base/ids.hpp"

namespace sluice::app {
namespace {

// Anybody may make up a name: what follows its number must be a number still.
constexpr std::size_t kLongest = std::string_view("20240115-123456789012345678").size();

}  // namespace

std::uint64_t used_job_numbers(const std::string& spool) {
  constexpr const char* kFolders[] = {"state", "outbox", "archive", "rejected"};
  std::uint64_t highest = adapters::spool::last_job(spool).value_or(0);
  // What members may put any name into counts only where nothing better is known.
  for (const auto* folder : std::span(kFolders, highest > 0 ? 1 : std::size(kFolders))) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(spool + "/" + folder, error)) {
      const auto name = entry.path().filename().string();
      for (const auto part : std::views::split(name, '.')) {
        const std::string_view id(part);
        if (id.size() <= kLongest) highest = std::max(highest, parse_job_id(id).value_or(JobId{}).n);
      }
    }
  }
  return highest;
}

bool has_had_jobs(const std::string& spool) {
  return adapters::spool::last_job(spool) || used_job_numbers(spool) > 0;
}

std::vector<ports::Change> go_on_above(ports::Ledger::Numbers used, WallTime now) {
  ports::JobHeader last;
  last.id = {.day = day_number(api_day(now)), .n = used.job + 1};
  last.state = ports::JobState::dropped;
  ports::Batch batch;
  batch.id = BatchId{used.batch + 1};
  batch.job = last.id;
  return {ports::PutJob{last}, ports::PutBatches{{batch}}, ports::DropBatch{batch.id, batch.job}};
}

}  // namespace sluice::app
