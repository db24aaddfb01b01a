#include "attempt.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "body_hash.hpp"
#include "shared_facts.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/line.hpp"

namespace sluice::pipeline {

namespace {

constexpr auto kTryAgain = std::chrono::seconds(1);
constexpr std::size_t kMostChanges = 3;  // of an announcement

/// Of a step that waits for nothing.
ports::Task<Event> at_once(Event event) {
  co_return event;
}

/// Results stand in the results; what else the API says, here.
void tell(JobId job, const std::string& request, const orders::Answer& answer) {
  const auto kind = orders::name(answer.what);
  if (answer.what == orders::AnswerClass::answered) {
    if (spdlog::should_log(spdlog::level::debug))
      spdlog::debug("{}: {} ({})", text::about(job, request, request), kind, answer.words);
  } else {
    spdlog::warn("{}", text::about(job, request, text::words::answer_of(request, kind, answer.words)));
  }
}

}  // namespace

ports::Task<void> Attempt::run() {
  auto step = protocol_.step();
  while (step != Step::end) {
    // From its slot on it stands in nobody's way; until then hardly another one is announced, so that a crash finds few
    // batches *sending* that never left.
    if (step >= Step::post) leave_queue();
    step = protocol_.next(co_await carry_out(step));
  }
  leave_queue();
  choice_.room = {};
  choice_.in_flight.end();
  // The worker may be waiting for the last batch of a job that is finished, held or cancelled.
  choice_.job.changed->wake();
  shared_.wake();
}

ports::Task<Event> Attempt::carry_out(Step step) {
  switch (step) {
    case Step::fit:
      return fit();
    case Step::read:
      return read();
    case Step::take_keys:
      return at_once(take_keys());
    case Step::judge:
      return judge();
    case Step::compare:
      return compare();
    case Step::connect:
      return connect();
    case Step::announce:
      return announce();
    case Step::take_slot:
      return take_slot();
    case Step::post:
      return post();
    case Step::settle:
      return settle();
    case Step::withdraw:
      return withdraw();
    case Step::give_up:
      return give_up();
    case Step::put_back:
      return at_once(put_back());
    case Step::end:
      break;
  }
  return at_once(Event::done);
}

/// It has its slot, or turns back: the next one may be announced.
void Attempt::leave_queue() {
  if (!choice_.before_slot) return;
  choice_.before_slot.end();
  shared_.wake();
}

/// Asked after each wait: a stop, a command, a reload or another answer may have come meanwhile.
bool Attempt::may_go_on() const {
  const auto& breaker = parts_.breaker;
  return !parts_.stop.asked() && choice_.job.sending() && parts_.journal.trouble().empty() && may_go_again() &&
         holds_lease() && !in_doubt_by_now() && (!breaker.tripped() || (choice_.probe && breaker.probing()));
}

/// From its end on another host may take over what this one has, and send it again.
bool Attempt::holds_lease() const {
  return parts_.clock.now() < parts_.hosts.lease_until();
}

/// A job that was taken over from another host may have settled one of these orders in doubt since they were judged:
/// until it was taken up, its keys were not busy here.
bool Attempt::in_doubt_by_now() const {
  if (!doubts_known_ || parts_.doubts.changes() == *doubts_known_) return false;
  const auto wall = parts_.clock.wall();
  return std::ranges::any_of(orders_,
                             [&](const auto& order) { return parts_.doubts.why_not(order, wall).has_value(); });
}

/// `retry.in_doubt` may have become `hold` since the batch was sent.
bool Attempt::may_go_again() const {
  return !batch().past.maybe_applied || parts_.settings.retry.in_doubt == config::InDoubt::resend;
}

ports::Task<Event> Attempt::fit() {
  // What may have been applied goes again as it was, or not at all: its body must stay byte for byte the same, or the
  // API can't recognise its own repeat (docs/api.md, Rows, not batches).
  const bool narrows = batch().rows.size() > choice_.most_rows && !batch().past.maybe_applied;
  Result<void> done;
  if (narrows) done = co_await shared_.fitting.narrow(choice_.job, choice_.waiting, choice_.most_rows);
  if (!narrows && !choice_.probe) done = co_await shared_.fitting.gather(choice_.job, choice_.waiting);
  co_return done ? Event::done : Event::not_now;
}

ports::Task<Event> Attempt::read() {
  auto& job = choice_.job;
  auto again = co_await read_again(job, batch());
  if (!again) {
    const auto& error = again.error();
    // A file that changed can't be read right by trying again, so it is held, and a person decides. A disk that fails
    // for a moment is only asked again.
    if (is_lost(error)) {
      co_await job.hold(parts_.journal, ports::Hold::file_changed, error.words);
    } else {
      job.waits = error.words;
      choice_.waiting.due = parts_.clock.now() + kTryAgain;
    }
    co_return Event::not_now;
  }
  orders_ = std::move(again->orders);
  body_ = std::move(again->body);
  // Known only now: the plan keeps where rows lie, not what they say.
  batch().keys = keys_of(orders_);
  co_return may_go_again() ? Event::done : Event::not_again;
}

/// An earlier row of the file with one of its keys still waits.
bool Attempt::overtakes() const {
  return batch().state == ports::BatchState::planned &&
         std::ranges::any_of(choice_.job.fresh, [&](const Waiting& earlier) {
           return earlier.batch.id < batch().id &&
                  std::ranges::find_first_of(earlier.batch.keys, batch().keys) != earlier.batch.keys.end();
         });
}

Event Attempt::take_keys() {
  auto& hold = choice_.waiting.hold;
  if (hold) return Event::done;
  // Two orders of one key unsettled at once would make a later "overlaps with an existing order" unreadable
  // (docs/api.md, One at a time).
  if (overtakes() || parts_.busy.any_of(batch().keys)) return Event::not_now;
  hold = parts_.busy.hold(batch().keys);
  return Event::done;
}

ports::Task<Event> Attempt::judge() {
  judged_by_ = parts_.shared.edition();
  // A resend is never judged: its rows may have been applied, and a row left out would change the body.
  if (!is_first_send(batch())) co_return Event::done;
  doubts_known_ = parts_.doubts.changes();
  auto sifted = sift(batch(), orders_, parts_.doubts, choice_.job.lang(), parts_.clock.wall());
  if (!sifted) co_return Event::done;
  auto kept = co_await shared_.settlement.apply(choice_.job, choice_.waiting, orders_, std::move(sifted->consequence),
                                                /*requests=*/0);
  // Nothing of it may start, or nothing could be written before the cut: the ledger alone knows it from here on.
  if (!kept || kept->empty()) co_return Event::consumed;
  choice_.waiting = std::move(kept->front());
  orders_ = std::move(sifted->good);
  body_ = orders::body(orders_);
  co_return Event::done;
}

ports::Task<Event> Attempt::compare() {
  // 0: never sent, or other rows than before. A difference means that an upgrade writes the same order differently:
  // sent like that, the API would take it for a second order.
  if (batch().body_hash == 0 || is_hash_of(batch().body_hash, body_)) co_return Event::done;
  co_await choice_.job.hold(parts_.journal, ports::Hold::body_changed,
                            text::words::would_be_sent_otherwise(number(batch().id)));
  co_return Event::not_now;
}

ports::Task<Event> Attempt::connect() {
  connection_.reset();
  auto connection = co_await parts_.upstream.connect();
  if (connection) {
    parts_.breaker.reachable();
    connection_ = std::move(*connection);
    co_return may_go_on() ? Event::done : Event::not_now;
  }
  if (connection.error().kind != ErrorKind::cancelled) {
    // No connection, no byte: this costs no attempt however long it lasts, and everybody who waits for a slot would
    // only meet the same.
    parts_.breaker.unreachable(connection.error(), parts_.clock.now(), parts_.clock.wall(), parts_.clock.random());
    parts_.slots.turn_away();
  }
  co_return Event::not_now;
}

/// Counted with the announcement, in one commit: a cap on orders a day counts what may have been placed, whatever comes
/// of it and whoever asks next.
std::optional<ports::CountFirstSends> Attempt::first_sends() const {
  if (!is_first_send(batch())) return std::nullopt;
  const bool released = choice_.job.decided().ruling == ports::Ruling::released;
  return ports::CountFirstSends{.day = shared_.day_cap.day(parts_.clock.wall()),
                                .orders = static_cast<std::int64_t>(orders_.size()),
                                .most = released ? 0 : parts_.settings.guard.max_orders_per_day};
}

ports::Task<Event> Attempt::announce() {
  auto& job = choice_.job;
  // Settlements come about as often as announcements: one that has time shares the next one's write to disk.
  if (parts_.slots.awaits_answers()) co_await parts_.journal.until_others_commit(parts_.slots.due(1));
  if (!may_go_on()) co_return Event::not_now;
  // Judged by what was read before: one of its orders may be in doubt by now.
  if (parts_.shared.expired() || parts_.shared.edition() != judged_by_ || in_doubt_by_now()) co_return Event::not_now;
  auto announced = batch();
  // From this commit on a crash finds *sending* and takes the batch for perhaps applied (I2). All that a settlement
  // needs to know of the request is in it, since a crash may come before the next one.
  announced.state = ports::BatchState::sending;
  announced.not_before.reset();
  ++announced.past.sends;
  announced.body_hash = body_hash(body_);
  announced.last_request = fmt::format("{}-b{}-{}", to_string(job.id()), number(announced.id), announced.past.sends);
  std::vector<ports::Change> changes;
  changes.reserve(kMostChanges);
  ports::PutBatches batches;
  batches.batches.push_back(announced);
  changes.emplace_back(std::move(batches));
  counted_ = first_sends();
  if (counted_) changes.emplace_back(*counted_);
  // With the first announcement, in the same commit: a job keeps the address it began with, over restarts too. Set in
  // memory first, so that whatever else is committed for the job meanwhile says the same.
  if (!job.address_noted) {
    job.header.base_url = parts_.settings.upstream.base_url;
    if (job.deciding) job.deciding->base_url = job.header.base_url;
    changes.emplace_back(ports::PutHold{job.decided()});
  }
  SLUICE_FAILPOINT("sender.before_announce");
  // One try: a batch that could not be announced has lost nothing by waiting in memory, and the sender starts nothing
  // until the ledger can be written.
  parts_.shared.announcing();
  const auto done = co_await parts_.journal.commit(std::move(changes));
  parts_.shared.announced();
  if (!done && done.error().kind == ErrorKind::stale) parts_.shared.expire();
  if (!done && done.error().kind == ErrorKind::elsewhere) {
    shared_.elsewhere.add(parts_.busy.hold(batch().keys), parts_.clock.now() + kTryAgain);
  }
  if (parts_.shared.expired()) shared_.wake();  // the sender may have waited for this one, to read them again
  if (!done) co_return Event::not_now;
  SLUICE_FAILPOINT("sender.announced");
  if (counted_) choice_.room.announced(orders_.size(), counted_->day);
  job.address_noted = true;
  // Kept for the way back: withdrawn, the batch must look as if it had never been announced.
  before_announce_ = std::exchange(batch(), std::move(announced));
  co_return Event::done;
}

ports::Task<Event> Attempt::take_slot() {
  auto* connection = connection_.get();
  slot_ = co_await parts_.slots.take([connection] { return connection->usable(); });
  const bool granted = slot_.turn == SlotQueue::Turn::granted;
  // Between the grant and this line another answer may have been read, and paused everything.
  if (granted && may_go_on()) co_return Event::done;
  // The slot is spent, although nothing will leave: anchored now, it costs one gap and breaks no window (I5).
  if (granted) parts_.slots.answered(slot_.ticket);
  co_return slot_.turn == SlotQueue::Turn::stale&& may_go_on() ? Event::stale : Event::not_now;
}

ports::Task<Event> Attempt::post() {
  auto& job = choice_.job;
  auto& slots = parts_.slots;
  const auto ticket = slot_.ticket;
  // Once more, with nothing between this line and the bytes: the process may have stood still since it was asked.
  if (!holds_lease()) {
    slots.answered(ticket);
    co_return Event::never_left;
  }
  const auto request = batch().last_request;
  const auto sent = orders_.size();
  ++shared_.meters.started;
  ++shared_.rates.at(parts_.clock.wall()).started;
  parts_.changed();
  job.rows_in_flight += sent;
  if (spdlog::should_log(spdlog::level::debug))
    spdlog::debug("{}: {}", text::about(job.id(), request, request), text::words::orders_out(sent));
  auto reply =
      co_await connection_->post(std::string(orders::service(job.header.service).path), std::move(body_), request,
                                 {.written = [&slots, ticket] { slots.written(ticket); },
                                  .acknowledged = [&slots, ticket](Nanos ago) { slots.acknowledged(ticket, ago); }});
  job.rows_in_flight -= sent;
  if (!reply) {
    // The request may arrive for a while yet, and the limiter counts arrivals: the window runs from then.
    slots.broken(ticket);
    ++(reply.error().bytes_out ? shared_.meters.lost : shared_.meters.unsent);
    if (reply.error().bytes_out) ++shared_.rates.at(parts_.clock.wall()).lost;
    spdlog::warn("{}", text::about(job.id(), request, text::words::request_lost(request, reply.error().error.words)));
    exchanged_ = std::unexpected(std::move(reply.error()));
  } else {
    // An answer proves the arrival, so the window counts from here and not from a guess.
    slots.answered(ticket);
    connection_.reset();  // others may have it, while this one is settled
    shared_.meters.took.add(parts_.clock.now() - slot_.start);
    auto answer = orders::read_answer(*reply, orders_, parts_.clock.wall());
    ++shared_.meters.answers[static_cast<std::size_t>(answer.what)];
    ++shared_.rates.at(parts_.clock.wall()).answered;
    tell(job.id(), request, answer);
    exchanged_ = std::move(answer);
  }
  heed(*exchanged_);
  co_return exchanged_->has_value() || exchanged_->error().bytes_out ? Event::done : Event::never_left;
}

/// Before anything waits: no further request starts on what this answer forbids.
void Attempt::heed(const Exchanged& exchanged) {
  auto& breaker = parts_.breaker;
  const auto now = parts_.clock.now();
  const auto wall = parts_.clock.wall();
  if (exchanged) {
    breaker.heed(*exchanged, batch(), slot_.start, now, wall);
    const auto heard = parts_.slots.heed(*exchanged, slot_.start, parts_.settings.retry.max_delay);
    if (heard == SlotQueue::Heard::slow_down) {
      ++shared_.meters.throttled;
      ++shared_.rates.at(wall).throttled;
    }
    // What we cut ourselves, stopping, says nothing about the API.
  } else if (!parts_.stop.cut()) {
    const auto& broken = exchanged.error();
    if (broken.bytes_out) breaker.ambiguous_answer(slot_.start, now, wall, broken.error.words);
    if (!broken.bytes_out) breaker.unreachable(broken.error, now, wall, parts_.clock.random());
  }
  // Before the breaker is asked: a probe that has its answer no longer holds back the next one.
  choice_.probe = {};
  if (breaker.tripped()) parts_.slots.turn_away();
  parts_.changed();
}

ports::Task<Event> Attempt::settle() {
  co_await shared_.settlement.settle(choice_.job, choice_.waiting, std::move(orders_), std::move(*exchanged_),
                                     slot_.start);
  co_return Event::done;
}

ports::Task<Event> Attempt::withdraw() {
  auto back = std::move(*before_announce_);
  back.state = ports::BatchState::waiting;
  // Surely, unlike the announcement: if *sending* stayed in the ledger, a crash would make perhaps applied of what
  // never left (I4).
  std::vector<ports::Change> changes{ports::PutBatches{{back}}};
  // Nothing left, so its room of that day is free again, for every host.
  if (counted_) changes.emplace_back(ports::CountFirstSends{.day = counted_->day, .orders = -counted_->orders});
  const bool done = co_await parts_.journal.commit_surely(std::move(changes));
  if (done) choice_.room.withdrawn();
  batch() = std::move(back);
  co_return done ? Event::done : Event::consumed;
}

ports::Task<Event> Attempt::give_up() {
  // It was sent once, and `hold` was chosen since: going out again is what that setting forbids.
  auto consequence = after_hold(batch(), shared_.settlement.context(choice_.job, choice_.waiting));
  co_await shared_.settlement.apply(choice_.job, choice_.waiting, orders_, std::move(consequence), /*requests=*/0);
  co_return Event::done;
}

Event Attempt::put_back() {
  connection_.reset();
  choice_.probe = {};
  auto& waiting = choice_.waiting;
  // What never went out keeps nobody else waiting.
  if (is_first_send(waiting.batch)) waiting.hold = {};
  if (waiting.batch.state != ports::BatchState::planned) {
    choice_.job.started.push_back(std::move(waiting));
    return Event::done;
  }
  auto& fresh = choice_.job.fresh;
  const auto place = std::ranges::find_if(fresh, [&](const Waiting& w) { return w.batch.id > waiting.batch.id; });
  fresh.insert(place, std::move(waiting));
  return Event::done;
}

}  // namespace sluice::pipeline
