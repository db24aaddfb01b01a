#include "scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "order_rows.hpp"

namespace sluice::simulation {

namespace {

using namespace std::chrono_literals;

Nanos soon(Random& random, Nanos low, Nanos high) {
  return random.between(low, high);
}

config::Settings plan_settings(Random& random) {
  config::Settings settings;
  settings.spool = "/sim";
  settings.upstream.base_url = "https://api.example/prod-api/";
  settings.upstream.response_timeout = Millis(random.per_mille(500) ? 5'000 : 65'000);
  settings.upstream.max_in_flight = static_cast<std::uint32_t>(random.between(1, 8));
  constexpr std::uint32_t rates[] = {2, 10, 10, 10, 50, 200};
  settings.rate.requests = rates[random.below(std::size(rates))];
  settings.batch.orders = static_cast<std::uint32_t>(random.between(1, 10));
  settings.retry.in_doubt = random.per_mille(500) ? config::InDoubt::hold : config::InDoubt::resend;
  settings.retry.attempts = static_cast<std::uint32_t>(random.between(2, 5));
  settings.retry.first_delay = Millis(random.per_mille(500) ? 200 : 6'000);
  settings.retry.max_delay = Millis(random.per_mille(500) ? 20'000 : 300'000);
  settings.retry.outage = Millis(random.per_mille(500) ? 120'000 : 3'600'000);
  if (random.per_mille(100)) settings.guard.max_orders_per_file = random.between(3, 40);
  if (random.per_mille(100)) settings.guard.max_orders_per_day = random.between(5, 60);
  if (random.per_mille(300)) settings.inbox.duplicate_file = config::DuplicateFile::process;
  settings.stop.grace = Millis(random.per_mille(500) ? 2'000 : 30'000);
  return settings;
}

Weather plan_storm(Random& random) {
  Weather storm;
  storm.latency_high = random.per_mille(700) ? 30ms : 240ms;
  if (random.per_mille(150)) return storm;  // fair weather, crashes apart
  const auto maybe = [&](std::uint32_t most) {
    return random.per_mille(500) ? 0U : static_cast<std::uint32_t>(random.between(1, most));
  };
  storm.disk_error = maybe(60);
  storm.ledger_error = maybe(120);
  storm.gate_busy = maybe(100);
  storm.connect_error = maybe(200);
  storm.exchange_fault = maybe(500);
  storm.internal_error = maybe(200);
  if (random.per_mille(200)) storm.odd_status = maybe(200);
  storm.unsettled_file = maybe(500);
  return storm;
}

/// Marks what equals an earlier good row of the same file.
void mark_duplicates(std::vector<WrittenRow>& rows) {
  std::set<std::string> seen;
  for (auto& row : rows) {
    if (!row.plan.invalid && !seen.insert(row.plan.wire).second) row.plan.duplicate = true;
  }
}

FilePlan plan_file(std::size_t index, Random& random) {
  FilePlan file;
  file.service = random.per_mille(700) ? orders::ServiceId::create : orders::ServiceId::modify;
  const std::uint64_t count = random.per_mille(800) ? random.between(1, 15) : random.between(15, 60);
  // Few keys: the same uid again and again, within a file and across files.
  const std::uint64_t keys = random.per_mille(300) ? std::max<std::uint64_t>(2, count / 2) : 900;
  std::vector<WrittenRow> rows;
  for (std::uint64_t i = 0; i < count; ++i) {
    const bool again = i > 0 && random.per_mille(40);
    rows.push_back(again ? rows[random.below(i)] : write_row(file.service, keys, random));
  }
  mark_duplicates(rows);
  file.content = write_file(file.service, rows, random);
  for (auto& row : rows) file.rows.push_back(std::move(row.plan));
  file.name =
      fmt::format("{}{}{}", random.per_mille(200) ? "订单 " : "orders", index, random.per_mille(900) ? ".csv" : "");
  if (random.per_mille(40)) {
    file.broken = true;
    file.content = random.per_mille(500) ? "[{\"uid\": \"1\"" : "no,known,header\n1,2,3\n";
    file.rows.clear();
  }
  file.dropped_at = soon(random, 0ns, random.per_mille(600) ? 50ms : 60s);
  if (random.per_mille(200)) file.written_for = soon(random, 100ms, 60s);
  if (random.per_mille(100)) file.vanishes_after = soon(random, 1ms, 40s);
  file.hard_linked = random.per_mille(100);
  return file;
}

void plan_fates(Scenario& scenario, Random& random) {
  const bool severe = random.per_mille(50);
  for (const auto& file : scenario.files) {
    for (const auto& row : file.rows) {
      if (!random.per_mille(severe ? 700 : 80)) continue;
      constexpr int statuses[] = {2, 3, 4, 5, 6, 7, 8};
      ApiFate fate{.status = statuses[random.below(std::size(statuses))], .poison = random.per_mille(60)};
      scenario.fates.emplace_back(row.key, fate);
    }
  }
  std::ranges::sort(scenario.fates, {}, [](const auto& entry) { return entry.first; });
  const auto again = std::ranges::unique(scenario.fates, {}, [](const auto& entry) { return entry.first; });
  scenario.fates.erase(again.begin(), again.end());
}

void plan_crashes(Scenario& scenario, Random& random) {
  if (random.per_mille(250)) return;
  const auto count = random.between(1, 6);
  for (std::uint64_t i = 0; i < count; ++i) {
    CrashPlan crash;
    const bool power = random.per_mille(300);
    crash.disaster = power ? Disaster::power_loss : Disaster::process_kill;
    crash.at_step = random.between(1, random.per_mille(500) ? 120 : 1500);
    crash.restart_after = power ? soon(random, 5s, 60s) : soon(random, 0s, 3s);
    scenario.crashes.push_back(crash);
  }
}

/// What begins also ends: the pairs of deeds that leave the world as it was.
struct Spell {
  Deed begins, ends;
  Nanos longest;
};
constexpr Spell kSpells[] = {{Deed::hold, Deed::release, 60s},
                             {Deed::pause, Deed::resume, 60s},
                             {Deed::rotate_credential, Deed::mend_credential, 120s},
                             {Deed::disk_full, Deed::disk_room, 60s},
                             {Deed::outage_begins, Deed::outage_ends, 200s},
                             {Deed::closure_begins, Deed::closure_ends, 400s},
                             {Deed::certificate_expires, Deed::certificate_renewed, 60s}};

void plan_deeds(Scenario& scenario, Random& random) {
  const auto count = random.per_mille(400) ? 0 : random.between(1, 6);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Nanos at = soon(random, 0s, scenario.clears_at);
    const std::size_t file = random.below(scenario.files.size());
    if (random.per_mille(500)) {
      const auto& spell = kSpells[random.below(std::size(kSpells))];
      scenario.deeds.push_back({.deed = spell.begins, .at = at, .file = file});
      scenario.deeds.push_back({.deed = spell.ends, .at = at + soon(random, 10ms, spell.longest), .file = file});
      continue;
    }
    constexpr Deed single[] = {Deed::release, Deed::cancel,   Deed::resolve_applied, Deed::resolve_not_applied,
                               Deed::resume,  Deed::reload,   Deed::turn_to_hold,    Deed::stop,
                               Deed::stop,    Deed::wall_jump};
    DeedPlan deed{.deed = single[random.below(std::size(single))], .at = at, .file = file};
    if (deed.deed == Deed::wall_jump) deed.jump = Millis(random.between(1, 7'200'000)) - 3'600'000ms;
    scenario.deeds.push_back(deed);
  }
}

/// Chance of its own: what the other deeds of a seed are doesn't depend on it.
void plan_mischief(Scenario& scenario) {
  Random random(scenario.seed ^ 0xfa15e);
  if (!random.per_mille(60)) return;
  const auto file = random.below(scenario.files.size());
  const Nanos at = scenario.files[file].dropped_at + soon(random, 1ms, 5s);
  scenario.deeds.push_back({.deed = Deed::change_unseen, .at = at, .file = file});
}

/// Chance of its own, too: an API that takes its time, and is asked again soon. What a process that was killed had sent
/// may still be at work when the next one starts, where the API's guard doesn't see it.
void plan_kills_at_work(Scenario& scenario) {
  Random random(scenario.seed ^ 0x510a);
  if (!random.per_mille(30)) return;
  scenario.storm.exchange_fault = 500;
  scenario.overlap_guard = true;
  scenario.repeat_window = 0ns;
  auto& settings = scenario.settings;
  settings.retry.in_doubt = config::InDoubt::resend;
  settings.retry.first_delay = 200ms;
  // Many requests side by side: a slow one is under way in most steps.
  settings.upstream.response_timeout = 65s;
  settings.upstream.max_in_flight = 8;
  settings.batch.orders = 2;
  for (int i = 0; i < 2; ++i) {
    scenario.crashes.insert(scenario.crashes.begin(), {.disaster = Disaster::process_kill,
                                                       .at_step = random.between(100, 800),
                                                       .restart_after = soon(random, 0s, 3s)});
  }
}

/// Chance of its own, too.
bool plan_proxy(std::uint64_t seed) {
  return Random(seed ^ 0x9407).per_mille(333);
}

void plan_mishaps(Scenario& scenario, Random& random) {
  for (auto more = random.between(1, 5); more > 0; --more) {
    constexpr Mishap kinds[] = {Mishap::kill, Mishap::kill, Mishap::stall, Mishap::stall, Mishap::cut_off};
    MishapPlan plan{.mishap = kinds[random.below(std::size(kinds))], .host = random.below(scenario.hosts)};
    plan.after_steps = random.between(1, random.per_mille(500) ? 120 : 1200);
    // Shorter than a lease, or longer.
    plan.lasts = random.per_mille(400) ? soon(random, 0s, 25s) : soon(random, 25s, 120s);
    scenario.mishaps.push_back(plan);
  }
}

/// One of four seeds has several hosts, with chance of their own; the others are as they would be without.
void plan_hosts(Scenario& scenario) {
  if (scenario.seed % 4 != 3) return;
  Random random(scenario.seed ^ 0x40575);
  scenario.hosts = random.between(2, 3);
  scenario.shared_spool = random.per_mille(600);
  // What counts by the day, or within days, is counted by each host's own.
  const auto& settings = scenario.settings;
  const bool by_days = settings.guard.max_orders_per_day > 0;
  scenario.clocks_disagree = !by_days && random.per_mille(300);
  scenario.storm.commit_lost = random.per_mille(500) ? 0 : static_cast<std::uint32_t>(random.between(1, 60));
  // In the place of crashes are mishaps of one host; what people command is commanded where the job is.
  scenario.crashes.clear();
  std::erase_if(scenario.deeds, [](const DeedPlan& deed) {
    return deed.deed == Deed::change_unseen || deed.deed == Deed::turn_to_hold;
  });
  scenario.drains = scenario.second_participant = false;
  scenario.clears_at += soon(random, 10s, 120s);
  for (auto& file : scenario.files) {
    file.spool = scenario.shared_spool ? 0 : random.below(scenario.hosts);
    file.vanishes_after = Nanos{0};
  }
  plan_mishaps(scenario, random);
}

}  // namespace

Scenario plan(std::uint64_t seed) {
  Random random(seed * 0x9e3779b97f4a7c15ULL + 0x5eed);
  Scenario scenario;
  scenario.seed = seed;
  scenario.settings = plan_settings(random);
  scenario.storm = plan_storm(random);
  const auto files = random.per_mille(500) ? 1 : random.between(2, 4);
  for (std::uint64_t i = 0; i < files; ++i) scenario.files.push_back(plan_file(i, random));
  if (files > 1 && random.per_mille(100)) {
    // The same file again under another name.
    const FilePlan& first = scenario.files[0];
    FilePlan& second = scenario.files[1];
    second.content = first.content;
    second.rows = first.rows;
    second.service = first.service;
    second.broken = first.broken;
  }
  plan_fates(scenario, random);
  scenario.clears_at = soon(random, 2s, random.per_mille(700) ? 60s : 600s);
  plan_crashes(scenario, random);
  plan_deeds(scenario, random);
  plan_mischief(scenario);
  scenario.overlap_guard = random.per_mille(500);
  if (random.per_mille(300)) scenario.repeat_window = soon(random, 1s, 5s);
  if (random.per_mille(150)) scenario.api_max_orders = random.between(1, 6);
  plan_kills_at_work(scenario);
  scenario.unauthorized_in_envelope = random.per_mille(500);
  scenario.proxied = plan_proxy(seed);
  scenario.second_participant = random.per_mille(250);
  scenario.drains = random.per_mille(200);
  // A drain leaves after 30 min without a usable answer, so that only a shorter outage can ever end for a poison row.
  if (scenario.drains) scenario.settings.retry.outage = Millis(120'000);
  scenario.lingers = random.per_mille(200);
  // Without the guard nothing tells of it; and where somebody cancels, nothing is asked again that could.
  const bool cancelled = std::ranges::count(scenario.deeds, Deed::cancel, &DeedPlan::deed) > 0;
  scenario.no_can_be_untrue = scenario.overlap_guard && !cancelled && random.per_mille(400);
  scenario.starts = WallTime{} + std::chrono::days(20'500) + std::chrono::floor<Millis>(soon(random, 0s, 86'400s * 20));
  plan_hosts(scenario);
  return scenario;
}

}  // namespace sluice::simulation
