#include "process.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <iterator>

namespace sluice::simulation {

namespace asio = boost::asio;

namespace {

std::string words(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

config::Settings settings_told(const Scenario& scenario) {
  auto settings = scenario.settings;
  if (scenario.mistake == Mistake::resend_on_hold) settings.retry.in_doubt = config::InDoubt::resend;
  return settings;
}

}  // namespace

// One thread: the context needs no locks of its own.
Process::Process(Machine& machine, Outside& outside, Trace& trace, Random random, std::uint64_t crash_at)
    : context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
      work_(asio::make_work_guard(context_)),
      machine_(machine),
      life_(machine.timeline, context_.get_executor(), random, trace, crash_at),
      clock_(life_, machine.clocks),
      spool_(life_, machine.disk, machine.clocks, machine.weather, machine.spool_witness),
      ledger_(life_, machine.ledger, machine.weather, outside.scenario.mistake),
      gate_(life_, machine.gate, machine.clocks, machine.weather),
      upstream_(life_, outside),
      hosts_(std::make_unique<ports::NoOtherHosts>(clock_)) {
  engine_.emplace(life_.executor(), pipeline::Ports{clock_, spool_, ledger_, gate_, upstream_, *hosts_},
                  settings_told(outside.scenario));
}

Process::Process(Machine& machine, Outside& outside, Trace& trace, Random random, Host host)
    : context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
      work_(asio::make_work_guard(context_)),
      machine_(machine),
      life_(machine.timeline, context_.get_executor(), random, trace, 0, owner_of(host.seat.number)),
      clock_(life_, host.clocks),
      spool_(life_, host.disk, host.clocks, machine.weather, host.spool_witness),
      ledger_(life_, machine.ledger, machine.weather, outside.scenario.mistake, &host.seat),
      // The gate's instants are on the ledger's clock, which every host's boot clock is here.
      gate_(life_, machine.gate, machine.clocks, machine.weather, host.seat),
      upstream_(life_, outside),
      hosts_(std::make_unique<SimHosts>(life_, host.clocks, host.seat, machine.ledger, machine.weather,
                                        std::move(host.taken_over))) {
  engine_.emplace(life_.executor(), pipeline::Ports{clock_, spool_, ledger_, gate_, upstream_, *hosts_},
                  settings_told(outside.scenario));
}

Process::~Process() {
  life_.die();
  // Waiters are dropped, not resumed; Asio unwinds their frames through the executor. Handlers already posted do run,
  // but every port they turn to is dead: it swallows the call and drops them as well.
  machine_.timeline.drop_process(life_.owner());
  context_.poll();
  engine_.reset();
  context_.poll();
}

void Process::start(bool drains) {
  auto task = drains ? engine_->drain(std::nullopt) : engine_->run();
  asio::co_spawn(life_.executor(), std::move(task), [this](const std::exception_ptr& thrown, Result<int> code) {
    if (thrown) thrown_ = words(thrown);
    exit_ = std::move(code);
  });
}

bool Process::run_ready() {
  context_.poll();
  return !life_.dead();
}

void Process::give(ports::Task<Result<std::string>> command) {
  ++commands_;
  asio::co_spawn(life_.executor(), std::move(command),
                 [this](const std::exception_ptr& thrown, Result<std::string> said) {
                   --commands_;
                   if (thrown) thrown_ = words(thrown);
                   life_.trace()(life_.now(), "command: {}", said ? *said : said.error().words);
                 });
}

void Process::do_job_deed(Deed deed, JobId job) {
  struct Row {
    Deed deed;
    pipeline::Command command;
  };
  static constexpr Row table[] = {{Deed::hold, pipeline::Command::hold},
                                  {Deed::release, pipeline::Command::release},
                                  {Deed::cancel, pipeline::Command::cancel}};
  const auto* row = std::ranges::find(table, deed, &Row::deed);
  if (row != std::end(table)) give(engine().command(row->command, job, "operator"));
  const bool applied = deed == Deed::resolve_applied;
  if (!applied && deed != Deed::resolve_not_applied) return;
  give(engine().resolve(
      {.job = job, .all = applied ? ports::LookedUp::applied : ports::LookedUp::not_applied, .by_hash = {}},
      "operator"));
}

}  // namespace sluice::simulation
