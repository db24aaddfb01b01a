#include "sluice/pipeline/line.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sluice/pacing/backoff.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::uint32_t kBrakeAfter = 3;               // docs/api.md, The brake
constexpr auto kSlowProbe = std::chrono::seconds(60);  // docs/api.md, unauthorized

struct RefusedLine {
  orders::AnswerClass what;
  Pause pause;
  const char* means;
  const char* advice;
};
// A job keeps the base_url it began with (docs/contract.md, Configuration).
constexpr const char* kOtherAddress =
    "correct upstream.base_url and reload (systemctl reload sluice, or SIGHUP); jobs that have begun are then held "
    "until "
    "`sluice release JOB` sends the rest of them to the new address. If the address was right: `sluice resume`";
constexpr RefusedLine kRefused[] = {
    {orders::AnswerClass::unauthorized, Pause::authorization, "the API does not accept the credential",
     "put a new one in its place (sluice notices by itself), or `sluice resume`"},
    {orders::AnswerClass::forbidden, Pause::authorization, "the API accepts the credential but forbids this",
     "ask the API's people to allow it, then `sluice resume`"},
    {orders::AnswerClass::misrouted, Pause::address, "this address does not lead to the API", kOtherAddress},
    {orders::AnswerClass::misrouted_maybe, Pause::address, "a web page answered instead of the API", kOtherAddress},
};

}  // namespace

std::string_view name(Pause pause) {
  constexpr std::string_view names[] = {"none",    "operator", "authorization", "certificate",
                                        "address", "outage",   "storage",       "stopping"};
  return names[static_cast<std::size_t>(pause)];
}

bool Line::may_start(Boottime now) const {
  if (operator_) return false;
  return !trouble_ || (!probing_ && now >= trouble_->next_probe);
}

Boottime Line::next_chance() const {
  if (operator_ || probing_ || !trouble_) return Boottime::max();
  return trouble_->next_probe;
}

void Line::begin(Trouble trouble) {
  spdlog::warn("paused: {}", trouble.words);
  trouble_ = std::move(trouble);
  probe_goes_on_ = false;
}

Nanos Line::probe_delay(std::uint32_t probes, std::uint64_t random) const {
  return pacing::backoff(settings_.retry.first_delay, settings_.retry.max_delay, probes + 1, random);
}

void Line::usable_answer(Boottime started, Boottime now) {
  last_usable_ = now;
  ambiguous_running_ = 0;
  if (!trouble_ || started < trouble_->since) return;
  spdlog::info("resumed: the API answers again");
  trouble_.reset();
}

void Line::ambiguous_answer(Boottime started, Boottime now, WallTime wall, const std::string& words) {
  ++ambiguous_running_;
  if (trouble_) {
    if (started < trouble_->since) return;
    if (trouble_->kind == Pause::outage) {
      trouble_->next_probe = now + probe_delay(++trouble_->probes, 0);
    } else {
      trouble_->next_probe = now + kSlowProbe;
    }
    return;
  }
  if (ambiguous_running_ < kBrakeAfter) return;
  begin({.kind = Pause::outage,
         .words = fmt::format("the API gave no usable answer {} times running (last: {}); one batch at a time is tried "
                              "until it does",
                              ambiguous_running_, words),
         .wall = wall,
         .since = now,
         .next_probe = now + settings_.retry.first_delay});
}

void Line::refused_line(orders::AnswerClass what, Boottime started, Boottime now, WallTime wall,
                        const std::string& words) {
  for (const auto& row : kRefused) {
    if (row.what != what) continue;
    if (row.pause == Pause::authorization && started < credential_since_) return;
    if (trouble_ && trouble_->kind == row.pause) {
      if (started >= trouble_->since) trouble_->next_probe = now + kSlowProbe;
      return;
    }
    begin({.kind = row.pause,
           .words = fmt::format("{}: {}; {}", words, row.means, row.advice),
           .wall = wall,
           .since = now,
           .next_probe = now + kSlowProbe});
  }
}

void Line::unreachable(const Error& error, Boottime now, WallTime wall, std::uint64_t random) {
  const bool certificate = error.kind == ErrorKind::certificate;
  const auto kind = certificate ? Pause::certificate : Pause::outage;
  const std::uint32_t probes = trouble_ ? trouble_->probes + 1 : 0;
  const auto delay = certificate ? Nanos(kSlowProbe) : probe_delay(probes, random);
  if (trouble_ && (!trouble_->by_connecting || trouble_->kind == kind)) {
    trouble_->probes = probes;
    trouble_->next_probe = std::max(trouble_->next_probe, now + delay);  // never sooner than its own pause says
    return;
  }
  begin({.kind = kind,
         .by_connecting = true,
         .words = error.words,
         .wall = wall,
         .since = now,
         .next_probe = now + delay,
         .probes = probes});
}

void Line::reachable() {
  if (!trouble_ || !trouble_->by_connecting) return;
  spdlog::info("resumed: connected");
  trouble_.reset();
}

void Line::set_operator_pause(bool paused, WallTime wall) {
  operator_ = paused;
  operator_since_ = wall;
}

void Line::new_credential(Boottime now) {
  credential_since_ = now;
  if (trouble_ && trouble_->kind == Pause::authorization) try_again();
}

void Line::try_again() {
  if (!trouble_) return;
  spdlog::info("resumed: trying again ({})", trouble_->words);
  trouble_.reset();
  ambiguous_running_ = 0;
}

bool Line::braking(Boottime now) const {
  return trouble_ && trouble_->kind == Pause::outage && now - trouble_->since < settings_.retry.outage;
}

Pause Line::pause() const {
  if (operator_) return Pause::by_operator;
  return trouble_ ? trouble_->kind : Pause::none;
}

std::string Line::words() const {
  if (operator_) return "paused by the operator; `sluice resume` goes on";
  return trouble_ ? trouble_->words : "";
}

std::optional<WallTime> Line::since() const {
  if (operator_) return operator_since_;
  if (trouble_) return trouble_->wall;
  return std::nullopt;
}

}  // namespace sluice::pipeline
