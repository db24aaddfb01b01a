#include "breaker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "sluice/base/check.hpp"
#include "sluice/pacing/backoff.hpp"
#include "sluice/text/words/line.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::pipeline {

namespace {

namespace words = text::words;

constexpr std::uint32_t kBrakeAfter = 3;               // docs/api.md, The brake
constexpr auto kSlowProbe = std::chrono::seconds(60);  // docs/api.md, What each answer means

struct Forbidding {
  orders::AnswerClass what;
  Pause pause;
  text::Sentence<0> means;
  text::Sentence<0> advice;
};
constexpr Forbidding kForbidding[] = {
    {orders::AnswerClass::unauthorized, Pause::authorization, words::credential_refused, words::put_a_new_one},
    {orders::AnswerClass::unauthorized_maybe, Pause::authorization, words::credential_refused_now,
     words::put_a_new_one},
    {orders::AnswerClass::forbidden, Pause::authorization, words::access_forbidden, words::ask_to_allow},
    {orders::AnswerClass::forbidden_maybe, Pause::authorization, words::access_forbidden_now, words::ask_to_allow},
    // A job keeps the base_url it began with (docs/contract.md, Configuration).
    {orders::AnswerClass::misrouted, Pause::address, words::wrong_address, words::correct_the_address},
    {orders::AnswerClass::misrouted_maybe, Pause::address, words::page_answered, words::correct_the_address},
    {orders::AnswerClass::bad_request, Pause::address, words::all_are_bad_requests, words::ask_the_people},
};

}  // namespace

std::string_view name(Pause pause) {
  constexpr std::string_view names[] = {"none",    "operator", "authorization", "certificate",
                                        "address", "outage",   "storage",       "stopping"};
  return names[static_cast<std::size_t>(pause)];
}

Breaker::Probe& Breaker::Probe::operator=(Probe&& from) noexcept {
  Probe taken(std::move(from));
  std::swap(breaker_, taken.breaker_);
  return *this;
}

Breaker::Probe::~Probe() {
  // However the attempt ended, by an exception too: a probe that never ended would keep the line shut for good.
  if (breaker_ != nullptr) breaker_->trial_ = Trial::none;
}

Breaker::Probe Breaker::probe() {
  SLUICE_CHECK(trial_ == Trial::none, "one probe at a time");
  trial_ = Trial::under_way;
  return Probe(*this);
}

void Breaker::heed(const orders::Answer& answer, const ports::Batch& batch, Boottime started, Boottime now,
                   WallTime wall) {
  using orders::AnswerClass;
  switch (answer.what) {
    case AnswerClass::bad_request:
      bad_request(batch, started, now, wall, answer.words);
      break;
    case AnswerClass::answered:
    case AnswerClass::too_large:
      usable_answer(started, now);
      break;
    case AnswerClass::unauthorized:
    case AnswerClass::unauthorized_maybe:
    case AnswerClass::forbidden:
    case AnswerClass::forbidden_maybe:
    case AnswerClass::misrouted:
    case AnswerClass::misrouted_maybe:
      forbidding_answer(answer.what, started, now, wall, answer.words);
      break;
    case AnswerClass::unfinished:
    case AnswerClass::ambiguous:
      ambiguous_answer(started, now, wall, answer.words);
      break;
    case AnswerClass::throttled:  // the pace knows what to do
    case AnswerClass::throttled_maybe:
    case AnswerClass::try_elsewhere:  // one batch's own affair
    case AnswerClass::repeat:
      break;
  }
}

bool Breaker::may_start(Boottime now) const {
  if (operator_since_) return false;
  return !trouble_ || (trial_ == Trial::none && now >= trouble_->next_probe);
}

Boottime Breaker::next_chance() const {
  if (operator_since_ || trial_ != Trial::none || !trouble_) return Boottime::max();
  return trouble_->next_probe;
}

void Breaker::begin(Trouble trouble) {
  spdlog::warn("{}", words::line_is_paused(trouble.words));
  trouble_ = std::move(trouble);
  // Its answer belongs to the pause before: it must not open the line that this one has just shut.
  if (trial_ == Trial::under_way) trial_ = Trial::overtaken;
}

Nanos Breaker::probe_delay(std::uint32_t probes, std::uint64_t random) const {
  return pacing::backoff(settings_.retry.first_delay, settings_.retry.max_delay, probes + 1, random);
}

void Breaker::usable_answer(Boottime started, Boottime now) {
  // Also for batches that lost their answers: that others are answered is what allows giving up on one (docs/api.md,
  // The brake).
  last_usable_ = now;
  refused_.clear();
  ambiguous_running_ = 0;
  // It may have been on its way since before the trouble, and proves nothing about now.
  if (!trouble_ || started < trouble_->since) return;
  spdlog::info("{}", words::answers_again());
  trouble_.reset();
}

void Breaker::bad_request(const ports::Batch& batch, Boottime started, Boottime now, WallTime wall,
                          const std::string& said) {
  // Once anything was answered usefully the way is right, so a bad request is the fault of its own orders.
  if (last_usable_) return usable_answer(started, now);
  // Different rows only: halves and resends of one poisoned batch would otherwise count as three.
  const bool same_rows = std::ranges::any_of(refused_, [&](const ports::Batch& other) {
    return other.job == batch.job && batch.rows.front().row <= other.rows.back().row &&
           other.rows.front().row <= batch.rows.back().row;
  });
  if (!same_rows && !refuses_all()) refused_.push_back(batch);  // a half says nothing that the whole did not
  if (refuses_all()) forbidding_answer(orders::AnswerClass::bad_request, started, now, wall, said);
}

void Breaker::ambiguous_answer(Boottime started, Boottime now, WallTime wall, const std::string& said) {
  ++ambiguous_running_;
  if (trouble_) {
    // Requests in flight when the pause began come back one after the other: they are the same trouble, not new probes.
    if (started < trouble_->since) return;
    // Backed off while it lasts. For other pauses the beat stays slow: a wrong credential does not correct itself.
    if (trouble_->kind == Pause::outage) {
      trouble_->next_probe = now + probe_delay(++trouble_->probes, 0);
    } else {
      trouble_->next_probe = now + kSlowProbe;
    }
    return;
  }
  // One lost answer is a batch's own bad luck; three running, across all jobs, are an outage.
  if (ambiguous_running_ < kBrakeAfter) return;
  begin({.kind = Pause::outage,
         .words = words::no_usable_answer(ambiguous_running_, said),
         .wall = wall,
         .since = now,
         .next_probe = now + settings_.retry.first_delay});
}

void Breaker::forbidding_answer(orders::AnswerClass what, Boottime started, Boottime now, WallTime wall,
                                const std::string& said) {
  for (const auto& row : kForbidding) {
    if (row.what != what) continue;
    // It was sent with the credential that has been replaced since.
    if (row.pause == Pause::authorization && started < credential_since_) return;
    if (trouble_ && trouble_->kind == row.pause) {
      if (started >= trouble_->since) trouble_->next_probe = now + kSlowProbe;
      return;
    }
    begin({.kind = row.pause,
           .words = words::line_stands(said, row.means(), row.advice()),
           .wall = wall,
           .since = now,
           .next_probe = now + kSlowProbe});
  }
}

void Breaker::unreachable(const Error& error, Boottime now, WallTime wall, std::uint64_t random) {
  const bool certificate = error.kind == ErrorKind::certificate;
  const auto kind = certificate ? Pause::certificate : Pause::outage;
  const std::uint32_t probes = trouble_ ? trouble_->probes + 1 : 0;
  // A certificate that does not verify stays wrong until a person acts; each try would show up as an alarm at the other
  // end.
  const auto delay = certificate ? Nanos(kSlowProbe) : probe_delay(probes, random);
  // A pause that only an answer can end is not shortened, or renamed, by a connection that failed.
  if (trouble_ && (trouble_->ended_by == EndedBy::answer || trouble_->kind == kind)) {
    trouble_->probes = probes;
    trouble_->next_probe = std::max(trouble_->next_probe, now + delay);  // never sooner than its own pause says
    return;
  }
  begin({.kind = kind,
         .ended_by = EndedBy::connection,
         .words = certificate ? words::certificate_refused(error.words) : words::unreachable(error.words),
         .wall = wall,
         .since = now,
         .next_probe = now + delay,
         .probes = probes});
}

void Breaker::reachable() {
  // That it connects again says nothing of a credential, an address or an outage behind the connection.
  if (!trouble_ || trouble_->ended_by != EndedBy::connection) return;
  spdlog::info("{}", words::connected_again());
  trouble_.reset();
}

void Breaker::set_operator_pause(bool paused, WallTime wall) {
  operator_since_ = paused ? std::optional(wall) : std::nullopt;
}

void Breaker::new_credential(Boottime now) {
  // Answers to what was sent with the old one are still on their way, and must not pause the line again.
  credential_since_ = now;
  if (trouble_ && trouble_->kind == Pause::authorization) try_again();
}

void Breaker::try_again() {
  if (!trouble_) return;
  spdlog::info("{}", words::trying_again(trouble_->words));
  trouble_.reset();
  ambiguous_running_ = 0;
}

bool Breaker::braking(Boottime now) const {
  // Not for ever: after retry.outage attempts cost again, or a batch that nobody can answer would wait without end.
  return trouble_ && trouble_->kind == Pause::outage && now - trouble_->since < settings_.retry.outage;
}

Pause Breaker::pause() const {
  if (operator_since_) return Pause::by_operator;
  return trouble_ ? trouble_->kind : Pause::none;
}

std::string Breaker::words() const {
  if (operator_since_) return words::paused_by_operator();
  return trouble_ ? trouble_->words : "";
}

std::optional<WallTime> Breaker::since() const {
  if (operator_since_) return operator_since_;
  if (trouble_) return trouble_->wall;
  return std::nullopt;
}

}  // namespace sluice::pipeline
