#include "plain_scenario.hpp"

#include <fmt/format.h>

namespace sluice::simulation {

Scenario plain_scenario(std::uint64_t orders, std::uint32_t batch_size) {
  Scenario scenario;
  scenario.seed = 1;
  scenario.settings.upstream.base_url = "https://api.example/prod-api/";
  scenario.settings.batch.orders = batch_size;
  scenario.starts = WallTime{} + std::chrono::days(20'500);
  FilePlan file{.name = "orders.csv", .content = "uid,douyinId,source,endMonthTime,isRenew\n"};
  for (std::uint64_t i = 0; i < orders; ++i) {
    const std::uint64_t uid = 72'000'000'000 + i;
    file.content += fmt::format("{},dy{},联通,2031-12,false\n", uid, i);
    file.rows.push_back({.key = std::to_string(uid), .wire = fmt::format("{}|dy{}||联通||2031-12|false|", uid, i)});
  }
  scenario.files.push_back(std::move(file));
  return scenario;
}

}  // namespace sluice::simulation
