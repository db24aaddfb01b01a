// One batch on its way: connection, *sending* durable, slot, bytes, answer. Every step may say "not now"; then the
// batch goes back to wait, and nothing of it has left.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sender_sent.hpp"
#include "sluice/base/check.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/pipeline/mutation.hpp"

namespace sluice::pipeline {

namespace {

constexpr auto kTryAgain = std::chrono::seconds(1);

/// FNV-1a: only tells whether a body is the one sent before, which nobody forges.
std::uint64_t body_hash(std::string_view body) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char c : body) hash = (hash ^ c) * 0x100000001b3;
  return hash == 0 ? 1 : hash;
}

/// Answered *internal error* and put off since; not a half, which stays apart, and not sent again yet.
bool waits_to_gather(const ports::Batch& batch) {
  return batch.internal_error && !batch.maybe_applied && batch.body_hash == 0 && batch.not_before.has_value();
}

}  // namespace

Sender::Sender(boost::asio::any_io_executor executor, Parts parts)
    : parts_(std::move(parts)), exchanges_(std::move(executor), parts_.clock), changed_(parts_.clock.timer()) {}

void Sender::wake() {
  changed_->wake();
}

bool Sender::may_go_on(const Sent& sent) const {
  return !parts_.stop.asked && sent.job.sending() && parts_.journal.trouble().empty() &&
         (parts_.line.open() || (sent.probe && parts_.line.probing()));
}

void Sender::put_back(Sent& sent) {
  auto& waiting = sent.waiting;
  if (!waiting.batch.fresh) {
    sent.job.begun.push_back(std::move(waiting));
    return;
  }
  auto& fresh = sent.job.fresh;
  const auto place = std::ranges::find_if(fresh, [&](const Waiting& w) { return w.batch.id > waiting.batch.id; });
  fresh.insert(place, std::move(waiting));
}

ports::Task<bool> Sender::narrow(Sent& sent, std::size_t most_rows) {
  auto& batch = sent.waiting.batch;
  if (batch.rows.size() <= most_rows || batch.sends > 0) co_return true;
  auto first = batch;
  auto rest = batch;
  first.id = parts_.next_batch();
  rest.id = parts_.next_batch();
  first.fresh = rest.fresh = false;
  const auto middle = static_cast<std::ptrdiff_t>(most_rows);
  first.rows.assign(batch.rows.begin(), batch.rows.begin() + middle);
  rest.rows.assign(batch.rows.begin() + middle, batch.rows.end());
  const auto done =
      co_await parts_.journal.commit({ports::DropBatch{batch.id, batch.job}, ports::PutBatches{{first, rest}}});
  if (!done) co_return false;
  sent.job.begun.push_back({.batch = std::move(rest)});
  if (sent.waiting.holds_keys) release_keys(sent.waiting);
  sent.waiting = {.batch = std::move(first)};
  co_return true;
}

/// Rows that were answered *internal error* come in small numbers from many batches: those alike go together, so that
/// they don't cost a request each.
ports::Task<bool> Sender::widen(Sent& sent) {
  const auto most = parts_.settings.batch.orders;
  auto merged = sent.waiting;
  auto& rows = merged.batch.rows;
  if (!waits_to_gather(merged.batch) || rows.size() >= most) co_return true;
  std::vector<ports::Change> changes{ports::DropBatch{merged.batch.id, merged.batch.job}};
  std::vector<Waiting> kept;
  for (auto& other : sent.job.begun) {
    const auto& b = other.batch;
    const bool alike = waits_to_gather(b) && b.status_tries == merged.batch.status_tries &&
                       b.sends == merged.batch.sends && other.due <= parts_.clock.now() &&
                       rows.size() + b.rows.size() <= most;
    if (!alike) continue;
    rows.insert(rows.end(), b.rows.begin(), b.rows.end());
    changes.emplace_back(ports::DropBatch{b.id, b.job});
    kept.push_back(other);
  }
  if (kept.empty()) co_return true;
  std::ranges::sort(rows, {}, &records::RowRef::row);
  merged.batch.id = parts_.next_batch();
  changes.emplace_back(ports::PutBatches{{merged.batch}});
  std::erase_if(sent.job.begun, [&](const Waiting& w) {
    return std::ranges::any_of(kept, [&](const Waiting& k) { return k.batch.id == w.batch.id; });
  });
  if (!co_await parts_.journal.commit(std::move(changes))) {
    std::ranges::move(kept, std::back_inserter(sent.job.begun));
    co_return false;
  }
  sent.waiting = std::move(merged);
  co_return true;
}

ports::Task<bool> Sender::read(Sent& sent) {
  auto orders = co_await read_orders(sent.job, sent.waiting.batch.rows);
  if (!orders) {
    const auto& error = orders.error();
    if (error.kind == ErrorKind::changed || error.kind == ErrorKind::missing) {
      co_await hold(sent.job, ports::Hold::file_changed, error.words);
    } else {
      sent.job.waits = error.words;
      sent.waiting.due = parts_.clock.now() + kTryAgain;
    }
    co_return false;
  }
  sent.orders = std::move(*orders);
  sent.waiting.keys.clear();
  for (const auto& order : sent.orders) sent.waiting.keys.push_back(order.key_hash());
  co_return true;
}

/// What was good when the file was read: its dates may be over since, and another job may have left the same order in
/// doubt. Nobody can from here on: its key is ours.
ports::Task<bool> Sender::judge_again(Sent& sent) {
  const auto& batch = sent.waiting.batch;
  if (!is_first_send(batch)) co_return true;
  const auto wall = parts_.clock.wall();
  Consequence consequence;
  auto left = batch;
  left.rows.clear();
  std::vector<orders::Order> good;
  for (std::size_t i = 0; i < sent.orders.size(); ++i) {
    auto why = orders::judge_dates(sent.orders[i], wall);
    if (!why && !mutated(Mutation::forget_doubts)) why = parts_.doubts.why_not(sent.orders[i], wall);
    if (!why) {
      left.rows.push_back(batch.rows[i]);
      good.push_back(sent.orders[i]);
      continue;
    }
    records::RowResult result;
    result.row = batch.rows[i].row;
    result.outcome = records::Outcome::invalid;
    result.message = text::say(sent.job.lang(), *why);
    result.at = wall;
    consequence.settled.push_back(std::move(result));
  }
  if (consequence.settled.empty()) co_return true;
  if (!left.rows.empty()) consequence.next.push_back(left);
  auto kept = co_await apply(sent.job, sent.waiting, sent.orders, std::move(consequence), 0);
  sent.consumed = !kept || kept->empty();
  if (sent.consumed) co_return false;
  sent.waiting = std::move(kept->front());
  sent.orders = std::move(good);
  co_return true;
}

bool Sender::take_keys(Sent& sent) {
  auto& waiting = sent.waiting;
  if (waiting.holds_keys) return true;
  const bool overtakes = std::ranges::any_of(sent.job.fresh, [&](const Waiting& earlier) {
    return waiting.batch.fresh && earlier.batch.id < waiting.batch.id &&
           std::ranges::find_first_of(earlier.keys, waiting.keys) != earlier.keys.end();
  });
  if (overtakes || is_busy(waiting.keys)) return false;
  busy_.insert(waiting.keys.begin(), waiting.keys.end());
  waiting.holds_keys = true;
  sent.took_keys = true;
  return true;
}

ports::Task<bool> Sender::connect(Sent& sent) {
  sent.connection.reset();
  auto connection = co_await parts_.upstream.connect();
  if (connection) {
    parts_.line.reachable();
    sent.connection = std::move(*connection);
    co_return true;
  }
  if (connection.error().kind != ErrorKind::cancelled) {
    parts_.line.unreachable(connection.error(), parts_.clock.now(), parts_.clock.wall(), parts_.clock.random());
    turn_away();
  }
  co_return false;
}

ports::Task<bool> Sender::make_ready(Sent& sent, std::size_t most_rows) {
  if (!co_await narrow(sent, most_rows) || !co_await widen(sent)) co_return false;
  if (!co_await read(sent)) co_return false;
  if (!take_keys(sent)) co_return false;
  if (!co_await judge_again(sent)) co_return false;
  sent.body = orders::body(sent.orders);
  sent.path = orders::service(sent.job.header.service).path;
  auto& batch = sent.waiting.batch;
  if (batch.body_hash != 0 && batch.body_hash != body_hash(sent.body)) {
    co_await hold(sent.job, ports::Hold::body_changed,
                  fmt::format("batch {} would not be sent as it was sent before; was sluice upgraded meanwhile? Finish "
                              "the job with the version that began it, or cancel it",
                              number(batch.id)));
    co_return false;
  }
  if (!co_await connect(sent) || !may_go_on(sent)) co_return false;
  co_return mutated(Mutation::announce_after_sending) || co_await announce(sent);
}

ports::Task<bool> Sender::announce(Sent& sent) {
  auto announced = sent.waiting.batch;
  announced.sending = true;
  announced.fresh = false;
  announced.not_before.reset();
  ++announced.sends;
  announced.body_hash = body_hash(sent.body);
  announced.last_request = fmt::format("{}-b{}-{}", to_string(sent.job.id()), number(announced.id), announced.sends);
  std::vector<ports::Change> changes{ports::PutBatches{{announced}}};
  if (sent.job.header.base_url.empty()) {
    sent.job.header.base_url = parts_.settings.upstream.base_url;
    if (sent.job.deciding) sent.job.deciding->base_url = sent.job.header.base_url;
    changes.emplace_back(ports::PutHold{sent.job.decided()});
  }
  SLUICE_FAILPOINT("sender.before_announce");
  if (!co_await parts_.journal.commit(std::move(changes))) co_return false;
  SLUICE_FAILPOINT("sender.announced");
  sent.before_announce = std::exchange(sent.waiting.batch, std::move(announced));
  co_return true;
}

/// Announced, and then not sent after all: the ledger forgets the announcement.
ports::Task<void> Sender::take_back(Sent& sent) {
  auto back = std::move(*sent.before_announce);
  back.fresh = false;
  const bool done = co_await parts_.journal.commit_surely({ports::PutBatches{{back}}});
  sent.consumed = !done;
  sent.waiting.batch = std::move(back);
}

ports::Task<bool> Sender::slot(Sent& sent) {
  while (true) {
    auto* connection = sent.connection.get();
    sent.taken = co_await parts_.gate.take([connection] { return connection->usable(); });
    const bool granted = sent.taken.turn == Gate::Turn::granted;
    // Between the grant and this line another answer may have been read, and paused the line.
    if (granted && may_go_on(sent)) co_return true;
    if (granted) parts_.gate.answered(sent.taken.ticket);
    const bool again = sent.taken.turn == Gate::Turn::stale && may_go_on(sent);
    if (again && co_await connect(sent) && may_go_on(sent)) continue;
    if (sent.before_announce) co_await take_back(sent);
    co_return false;
  }
}

ports::Task<Exchanged> Sender::post(Sent& sent) {
  const auto ticket = sent.taken.ticket;
  auto& gate = parts_.gate;
  const auto request = sent.waiting.batch.last_request;
  ++requests_;
  sent.job.rows_in_flight += sent.orders.size();
  spdlog::debug("{}: {} orders out", request, sent.orders.size());
  auto reply = co_await sent.connection->post(sent.path, sent.body, request, [&gate, ticket] { gate.written(ticket); });
  sent.job.rows_in_flight -= sent.orders.size();
  if (!reply) {
    gate.broken(ticket);
    spdlog::warn("{}: {}", request, reply.error().error.words);
    co_return std::unexpected(std::move(reply.error()));
  }
  gate.answered(ticket);
  sent.connection.reset();
  auto answer = orders::read_answer(*reply, sent.orders, parts_.clock.wall());
  spdlog::log(answer.what == orders::AnswerClass::answered ? spdlog::level::debug : spdlog::level::warn, "{}: {} ({})",
              request, orders::name(answer.what), answer.words);
  co_return answer;
}

ports::Task<void> Sender::exchange(Job& job, Waiting waiting, std::size_t most_rows, bool probe) {
  const auto reserved = is_first_send(waiting.batch) ? std::min(most_rows, waiting.batch.rows.size()) : 0;
  Sent sent{.job = job, .waiting = std::move(waiting), .probe = probe};
  bool sent_out = co_await make_ready(sent, most_rows);
  if (sent_out) sent_out = co_await slot(sent);
  --before_slot_;
  wake();
  if (sent_out) {
    auto exchanged = co_await post(sent);
    if (mutated(Mutation::announce_after_sending)) co_await announce(sent);
    tell_line(sent, exchanged);
    co_await settle(sent, std::move(exchanged));
  } else {
    sent.connection.reset();
    if (sent.took_keys && sent.waiting.batch.sends == 0 && !sent.consumed) release_keys(sent.waiting);
    if (!sent.consumed) put_back(sent);
    if (probe) parts_.line.probe_ended();
  }
  // What was not sent after all makes room for others today.
  const auto sent_first = sent_out ? sent.orders.size() : 0;
  if (reserved > sent_first) day_orders_ -= std::min<std::uint64_t>(day_orders_, reserved - sent_first);
  --job.in_flight;
  job.changed->wake();
  wake();
}

}  // namespace sluice::pipeline
