#include "used_numbers.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <system_error>

#include "sluice/base/ids.hpp"

namespace sluice::app {

std::uint64_t used_job_numbers(const std::string& spool) {
  // What follows a number may begin the next one (a result file dropped in again) or be the end (no extension).
  static const std::regex job(R"((?:^|\.)(\d{8}-[1-9]\d{0,17})(?=\.|$))");
  std::uint64_t highest = 0;
  for (const auto* folder : {"outbox", "archive", "rejected", "state"}) {
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
