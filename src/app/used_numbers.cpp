#include "used_numbers.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <regex>
#include <span>
#include <system_error>

#include "sluice/adapters/spool/last_job.hpp"
#include "sluice/base/ids.hpp"

namespace sluice::app {

std::uint64_t used_job_numbers(const std::string& spool) {
  // What follows a number may begin the next one (a result file dropped in again) or be the end (no extension).
  static const std::regex job(R"((?:^|\.)(\d{8}-[1-9]\d{0,17})(?=\.|$))");
  constexpr const char* kFolders[] = {"state", "outbox", "archive", "rejected"};
  std::uint64_t highest = adapters::spool::last_job(spool).value_or(0);
  // What members may put any name into counts only where nothing better is known.
  for (const auto* folder : std::span(kFolders, highest > 0 ? 1 : std::size(kFolders))) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(spool + "/" + folder, error)) {
      const auto name = entry.path().filename().string();
      for (auto at = std::sregex_iterator(name.begin(), name.end(), job); at != std::sregex_iterator(); ++at) {
        if (const auto id = parse_job_id((*at)[1].str())) highest = std::max(highest, id->n);
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
