// The network between a process and the API: delays, loses, doubles and garbles (fault.hpp).
#include "sim_upstream.hpp"

namespace sluice::simulation {

namespace {

void deliver(const std::weak_ptr<Exchange>& weak, Reply reply) {
  if (const auto exchange = weak.lock(); exchange && !exchange->cut && !exchange->reset) {
    exchange->reply = std::move(reply);
    exchange->bell.ring();
  }
}

void reset(const std::weak_ptr<Exchange>& weak) {
  if (const auto exchange = weak.lock(); exchange && !exchange->reply) {
    exchange->reset = true;
    exchange->bell.ring();
  }
}

/// What the faults that spare the request do to its answer.
void mangle(Reply& reply, Fault fault, Random& random) {
  const bool spared = fault != Fault::answer_cut && fault != Fault::answer_garbled;
  reply.closes_line = reply.closes_line && spared;  // a refusal in the envelope that nobody can read closes nothing
  if (fault == Fault::answer_cut) {
    reply.http.body.resize(random.below(reply.http.body.size() + 1) / 2);
    reply.http.truncated = random.per_mille(500);  // with chunked coding nobody can tell
    reply.certainty = Certainty::maybe;
  } else if (fault == Fault::answer_garbled) {
    for (int i = 0; i < 8 && !reply.http.body.empty(); ++i) {
      reply.http.body[random.below(reply.http.body.size() / 2 + 1)] = '\x01';
    }
    reply.certainty = Certainty::maybe;
  }
}

/// The acknowledgement of a request that will arrive at `due`: a way back after that or, where a proxy gives it, after
/// any earlier moment; now and then it is lost, and it is noticed when the process looks.
void acknowledge(Outside& outside, Nanos due, const std::weak_ptr<Exchange>& exchange) {
  Random& random = outside.acknowledgements;
  if (random.per_mille(100)) return;
  const Weather& weather = outside.weather;
  const Nanos taken = outside.scenario.proxied ? random.between(outside.timeline.now(), due) : due;
  const Nanos acknowledged = taken + random.between(weather.latency_low, weather.latency_high);
  const Nanos noticed = acknowledged + random.between(Nanos(0), Nanos(std::chrono::milliseconds(128)));
  outside.timeline.at(noticed, Owner::world, [exchange, ago = random.between(Nanos(0), noticed - acknowledged)] {
    const auto open = exchange.lock();
    if (!open || open->life.dead()) return;
    open->life.when_running([exchange, ago] {
      const auto open = exchange.lock();
      if (open && open->acknowledged && !open->life.dead()) std::exchange(open->acknowledged, nullptr)(ago);
    });
  });
}

/// The API goes on, given up or not: it is done before our own timeout would be over, whatever answered for it. When.
Nanos work_on(Outside& outside, std::uint64_t post) {
  const Nanos longest = Nanos(outside.scenario.settings.upstream.response_timeout) - std::chrono::seconds(1);
  const Nanos done = outside.timeline.now() + outside.random.between(Nanos(0), longest);
  outside.timeline.at(done, Owner::world, [&outside, post] { outside.api.commit_late(post); });
  return done;
}

/// What is given up half-way goes on now and then.
bool is_slow(Fault fault, Random& random) {
  const bool given_up = fault == Fault::answer_lost || fault == Fault::reset_after;
  return fault == Fault::slow || (given_up && random.per_mille(400));
}

void arrive(Outside& outside, Request request, const std::weak_ptr<Exchange>& exchange, Fault fault) {
  const Nanos now = outside.timeline.now();
  request.slow = is_slow(fault, outside.random);
  const Lie* lie = nullptr;
  if (fault == Fault::spoken) {
    lie = outside.weather.closed   ? &closed_lie()
          : outside.weather.outage ? &bad_gateway_lie()
                                   : &draw_lie(outside.random);
  }
  Reply reply = fault == Fault::cached ? outside.api.cached(request) : outside.api.arrive(now, request, lie);
  const Nanos done = request.slow || (lie && lie->late) ? work_on(outside, request.post) : now;
  if (reply.http.status == 200 && !lie) mangle(reply, fault, outside.random);
  const Nanos back = now + outside.random.between(Nanos(500'000), Nanos(30'000'000)) + outside.leg();
  const Nanos timeout = outside.scenario.settings.upstream.response_timeout;
  switch (fault) {
    case Fault::answer_lost:
      return;
    case Fault::reset_after:
      outside.timeline.at(back, Owner::world, [exchange] { reset(exchange); });
      return;
    default: {
      const Nanos due = fault == Fault::answer_late ? back + timeout : fault == Fault::slow ? back - now + done : back;
      outside.timeline.at(due, Owner::world,
                          [exchange, reply = std::move(reply)]() mutable { deliver(exchange, std::move(reply)); });
    }
  }
}

}  // namespace

void send(Outside& outside, Request request, std::weak_ptr<Exchange> exchange, Fault fault) {
  Timeline& timeline = outside.timeline;
  Nanos due = timeline.now() + outside.leg();
  request.drops_rows = fault == Fault::rows_missing;
  if (fault == Fault::request_lost) return;
  if (fault == Fault::reset_before) {
    timeline.at(due, Owner::world, [exchange] { reset(exchange); });
    return;
  }
  if (fault == Fault::request_late) {
    request.late = true;
    due += outside.random.between(std::chrono::milliseconds(300),
                                  2 * Nanos(outside.scenario.settings.upstream.response_timeout));
  }
  if (fault == Fault::request_duplicated) {
    Request copy = request;
    copy.duplicate = true;
    timeline.at(due + outside.leg(), Owner::world,
                [&outside, copy = std::move(copy)] { outside.api.arrive(outside.timeline.now(), copy, nullptr); });
  }
  acknowledge(outside, due, exchange);
  timeline.at(due, Owner::world, [&outside, request = std::move(request), exchange = std::move(exchange), fault] {
    arrive(outside, request, exchange, fault);
  });
}

}  // namespace sluice::simulation
