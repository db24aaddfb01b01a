#include "web/upload_desk.hpp"

#include <algorithm>
#include <utility>

#include "sluice/ports/file_names.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/web.hpp"

namespace sluice::control::web {

namespace {
constexpr std::size_t kLongestName = 200;  // what is derived from it fits 255 bytes
}

UploadDesk::UploadDesk(boost::asio::any_io_executor executor, ports::Clock& clock, const std::string& inbox,
                       const std::string& host)
    : clock_(clock), due_(clock.timer()), files_(inbox, host), tasks_(std::move(executor), clock) {
  files_.sweep();
}

UploadDesk::~UploadDesk() = default;

std::optional<UploadDesk::Slot> UploadDesk::slot() {
  return coming_in_ < kAtOnce && !stopping_ ? std::optional<Slot>(coming_in_) : std::nullopt;
}

void UploadDesk::keep(std::string id, Entry entry) {
  if (entries_.size() >= kMost) {
    std::ranges::min_element(entries_, {}, [](const auto& one) { return one.second.until; })->second.until = {};
    due_->wake();
  }
  entry.until = clock_.now() + kKept;
  entries_.emplace(std::move(id), std::move(entry));
  if (!std::exchange(forgetting_, true)) tasks_.spawn(forget_old());
}

std::optional<UploadDesk::Entry> UploadDesk::take(const std::string& id, const std::string& user) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.user != user) return std::nullopt;
  auto entry = std::move(found->second);
  entries_.erase(found);
  return entry;
}

/// Only while there are any: an idle page wakes nobody.
ports::Task<void> UploadDesk::forget_old() {
  while (!entries_.empty()) {
    const auto oldest = std::ranges::min_element(entries_, {}, [](const auto& one) { return one.second.until; });
    if (!stopping_ && oldest->second.until > clock_.now()) {
      co_await due_->wait(oldest->second.until);
      continue;
    }
    const auto id = oldest->first;
    entries_.erase(oldest);
    co_await files_.remove(id);
  }
  forgetting_ = false;
}

void UploadDesk::stop() {
  stopping_ = true;
  due_->wake();
}

std::string why_no_name(const std::string& name) {
  namespace words = text::words;
  if (name.empty() || name.size() > kLongestName) return words::name_too_long(kLongestName);
  const bool plain = text::is_utf8(name) && text::shown(name, kLongestName) == name;
  if (!plain || name.find('/') != std::string::npos) return words::name_not_plain();
  if (ports::left_alone(name)) return words::name_left_alone(name);
  return {};
}

}  // namespace sluice::control::web
