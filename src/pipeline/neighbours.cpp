#include "neighbours.hpp"

#include <utility>

#include "sluice/pipeline/still_picture.hpp"

namespace sluice::pipeline {

ports::Task<void> Neighbours::look(ports::Hosts& hosts) {
  auto all = co_await hosts.all();
  if (!all) co_return;
  auto jobs = co_await hosts.jobs_elsewhere();
  if (!jobs) co_return;
  hosts_ = std::move(*all);
  jobs_ = std::move(*jobs);
}

void Neighbours::add_to(Status& status) const {
  add_hosts(status, hosts_, jobs_);
}

}  // namespace sluice::pipeline
