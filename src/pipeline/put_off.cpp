#include "put_off.hpp"

namespace sluice::pipeline {

namespace {
constexpr auto kTryAgain = std::chrono::seconds(5);
constexpr auto kTryAgainForbidden = std::chrono::hours(1);
}  // namespace

void PutOff::add(const ports::FileIdentity& file, const std::string& name, ErrorKind why, Boottime now) {
  if (why == ErrorKind::changed || why == ErrorKind::missing) return;  // over in a moment: what its writer did
  // What a mode or an attribute of the file forbids stays so until somebody changes that, and with it the file's ctime.
  const Nanos most = why == ErrorKind::permission ? Nanos(kTryAgainForbidden) : Nanos(kTryAgain);
  by_name_[name] = {.file = file, .at_least = now + kTryAgain, .at_most = now + most};
}

bool PutOff::has(const ports::InboxEntry& entry, Boottime now) const {
  const auto at = by_name_.find(entry.name);
  return at != by_name_.end() && (now < at->second.at_least || at->second.file == entry.identity);
}

void PutOff::forget_over(Boottime now) {
  std::erase_if(by_name_, [now](const auto& name) { return name.second.at_most <= now; });
}

}  // namespace sluice::pipeline
