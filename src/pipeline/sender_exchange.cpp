// One batch on its way: connection, *sending* durable, slot, bytes, answer. Every step may say "not now"; then the
// batch goes back to wait, and nothing of it has left.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

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
  return batch.past.internal_errors > 0 && !batch.past.maybe_applied && batch.body_hash == 0 &&
         batch.not_before.has_value();
}

}  // namespace

Sender::Sender(boost::asio::any_io_executor executor, Parts parts)
    : parts_(std::move(parts)), exchanges_(std::move(executor), parts_.clock), changed_(parts_.clock.timer()) {}

void Sender::wake() {
  changed_->wake();
}

bool Sender::may_go_on(const Sent& sent) const {
  return !parts_.stop.asked && sent.job.sending() && parts_.journal.trouble().empty() &&
         may_go_again(sent.waiting.batch) && (parts_.line.open() || (sent.probe && parts_.line.probing()));
}

/// `retry.in_doubt` may have become `hold` since the batch was sent.
bool Sender::may_go_again(const ports::Batch& batch) const {
  return !batch.past.maybe_applied || parts_.settings.retry.in_doubt == config::InDoubt::resend ||
         mutated(Mutation::resend_on_hold);
}

/// Nothing of it left: it waits again, and if it never did, it keeps nobody else waiting.
void Sender::give_back(Sent& sent) {
  sent.connection.reset();
  if (sent.consumed) return;
  auto& waiting = sent.waiting;
  if (is_first_send(waiting.batch)) waiting.hold = {};
  if (!waiting.batch.fresh) {
    sent.job.started.push_back(std::move(waiting));
    return;
  }
  auto& fresh = sent.job.fresh;
  const auto place = std::ranges::find_if(fresh, [&](const Waiting& w) { return w.batch.id > waiting.batch.id; });
  fresh.insert(place, std::move(waiting));
}

ports::Task<bool> Sender::narrow(Sent& sent, std::size_t most_rows) {
  auto& batch = sent.waiting.batch;
  // What may have been applied goes again as it was, or not at all.
  if (batch.rows.size() <= most_rows || batch.past.maybe_applied) co_return true;
  auto first = ports::without_rows(batch);
  first.fresh = false;
  first.body_hash = 0;
  auto rest = first;
  first.id = parts_.next_batch();
  rest.id = parts_.next_batch();
  for (std::size_t i = 0; i < batch.rows.size(); ++i) ports::copy_row(batch, i, i < most_rows ? first : rest);
  const auto done =
      co_await parts_.journal.commit({ports::DropBatch{batch.id, batch.job}, ports::PutBatches{{first, rest}}});
  if (!done) co_return false;
  auto rest_held = sent.waiting.hold.also(rest.keys);
  auto first_held = sent.waiting.hold.also(first.keys);
  sent.job.started.push_back({.batch = std::move(rest), .due = {}, .hold = std::move(rest_held)});
  sent.waiting = {.batch = std::move(first), .due = {}, .hold = std::move(first_held)};
  co_return true;
}

/// Rows that were answered *internal error* come in small numbers from many batches: those alike go together, so that
/// they don't cost a request each.
ports::Task<bool> Sender::widen(Sent& sent) {
  const auto most = parts_.settings.batch.orders;
  const auto& batch = sent.waiting.batch;
  std::size_t rows = batch.rows.size();
  if (!waits_to_gather(batch) || rows >= most || sent.probe) co_return true;
  auto& begun = sent.job.started;
  std::vector<Waiting> others;
  for (auto at = begun.begin(); at != begun.end();) {
    const auto& b = at->batch;
    const bool alike =
        waits_to_gather(b) && b.past == batch.past && at->due <= parts_.clock.now() && rows + b.rows.size() <= most;
    rows += alike ? b.rows.size() : 0;
    if (alike) others.push_back(std::move(*at));
    at = alike ? begun.erase(at) : at + 1;
  }
  if (others.empty()) co_return true;
  std::vector<ports::Change> changes;
  std::map<std::uint64_t, std::pair<const ports::Batch*, std::size_t>> in_file_order;
  const auto gather = [&](const ports::Batch& one) {
    changes.emplace_back(ports::DropBatch{one.id, one.job});
    for (std::size_t i = 0; i < one.rows.size(); ++i) in_file_order[one.rows[i].row] = {&one, i};
  };
  gather(batch);
  for (const auto& other : others) gather(other.batch);
  auto merged = ports::without_rows(batch);
  merged.id = parts_.next_batch();
  for (const auto& [row, place] : in_file_order) ports::copy_row(*place.first, place.second, merged);
  changes.emplace_back(ports::PutBatches{{merged}});
  if (!co_await parts_.journal.commit(std::move(changes))) {
    std::ranges::move(others, std::back_inserter(begun));
    co_return false;
  }
  sent.waiting.batch = std::move(merged);
  for (auto& other : others) sent.waiting.hold.join(std::move(other.hold));
  co_return true;
}

ports::Task<bool> Sender::read(Sent& sent) {
  auto orders = co_await read_orders(sent.job, sent.waiting.batch.rows);
  if (!orders) {
    const auto& error = orders.error();
    if (is_lost(error)) {
      co_await hold(sent.job, ports::Hold::file_changed, error.words);
    } else {
      sent.job.waits = error.words;
      sent.waiting.due = parts_.clock.now() + kTryAgain;
    }
    co_return false;
  }
  sent.orders = std::move(*orders);
  sent.waiting.batch.keys = keys_of(sent.orders);
  co_return true;
}

/// What was good when the file was read: its dates may be over since, and another job may have left the same order in
/// doubt. Nobody can from here on: its key is ours.
ports::Task<bool> Sender::judge_again(Sent& sent) {
  const auto& batch = sent.waiting.batch;
  if (!is_first_send(batch)) co_return true;
  const auto wall = parts_.clock.wall();
  Consequence consequence;
  auto left = ports::without_rows(batch);
  std::vector<orders::Order> good;
  for (std::size_t i = 0; i < sent.orders.size(); ++i) {
    auto why = orders::judge_dates(sent.orders[i], wall);
    if (!why && !mutated(Mutation::forget_doubts)) why = parts_.doubts.why_not(sent.orders[i], wall);
    if (!why) {
      ports::copy_row(batch, i, left);
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

/// What may have been applied and is not to go again ends in doubt.
ports::Task<void> Sender::give_up(Sent& sent) {
  auto consequence = after_hold(sent.waiting.batch, context(sent.job, sent.waiting));
  co_await apply(sent.job, sent.waiting, sent.orders, std::move(consequence), 0);
  sent.consumed = true;
}

bool Sender::take_keys(Sent& sent) {
  auto& waiting = sent.waiting;
  if (waiting.hold) return true;
  const auto& keys = waiting.batch.keys;
  const bool overtakes = std::ranges::any_of(sent.job.fresh, [&](const Waiting& earlier) {
    return waiting.batch.fresh && earlier.batch.id < waiting.batch.id &&
           std::ranges::find_first_of(earlier.batch.keys, keys) != earlier.batch.keys.end();
  });
  if (overtakes || is_busy(keys)) return false;
  waiting.hold = parts_.busy.hold(keys);
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
  if (!may_go_again(sent.waiting.batch)) {
    co_await give_up(sent);
    co_return false;
  }
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
  ++announced.past.sends;
  announced.body_hash = body_hash(sent.body);
  announced.last_request =
      fmt::format("{}-b{}-{}", to_string(sent.job.id()), number(announced.id), announced.past.sends);
  std::vector<ports::Change> changes{ports::PutBatches{{announced}}};
  if (!sent.job.address_noted) {
    sent.job.header.base_url = parts_.settings.upstream.base_url;
    if (sent.job.deciding) sent.job.deciding->base_url = sent.job.header.base_url;
    changes.emplace_back(ports::PutHold{sent.job.decided()});
  }
  SLUICE_FAILPOINT("sender.before_announce");
  if (!co_await parts_.journal.commit(std::move(changes))) co_return false;
  SLUICE_FAILPOINT("sender.announced");
  sent.job.address_noted = true;
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
  bool left = co_await make_ready(sent, most_rows);
  if (left) left = co_await slot(sent);
  --before_slot_;
  wake();
  if (left) {
    auto exchanged = co_await post(sent);
    if (mutated(Mutation::announce_after_sending)) co_await announce(sent);
    tell_line(sent, exchanged);
    left = exchanged.has_value() || exchanged.error().bytes_out;
    if (left) co_await settle(sent, std::move(exchanged));
    if (!left) co_await take_back(sent);
  } else if (probe) {
    parts_.line.probe_ended();
  }
  if (!left) give_back(sent);
  // What was not sent after all makes room for others today.
  const auto sent_first = left ? sent.orders.size() : 0;
  if (reserved > sent_first) day_orders_ -= std::min<std::uint64_t>(day_orders_, reserved - sent_first);
  --job.in_flight;
  job.changed->wake();
  wake();
}

}  // namespace sluice::pipeline
