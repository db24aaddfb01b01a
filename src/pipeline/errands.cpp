#include "errands.hpp"

#include <set>
#include <utility>

#include "sluice/text/words/operating.hpp"

namespace sluice::pipeline {

using ports::Task;

Task<Result<std::string>> Errands::said_of(ports::Errand errand) {
  const auto what = unpack(errand.what);
  if (!what) co_return std::unexpected(what.error());
  auto said = co_await doing_(*what, std::move(errand));
  if (!said) co_return said;
  const auto own = co_await own_name(hosts_);
  co_return own.empty() ? *said : text::words::done_at_host(*said, own);
}

Task<void> Errands::do_all() {
  const auto waiting = co_await hosts_.errands();
  if (!waiting) co_return;
  std::set<std::uint64_t> still;
  for (const auto& errand : *waiting) {
    still.insert(errand.id);
    if (!done_.contains(errand.id)) {
      auto said = co_await said_of(errand);
      done_.emplace(errand.id, std::move(said));
    }
    static_cast<void>(co_await hosts_.answer(errand, done_.at(errand.id)));  // else it comes again
  }
  std::erase_if(done_, [&](const auto& one) { return !still.contains(one.first); });
}

}  // namespace sluice::pipeline
