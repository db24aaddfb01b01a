#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"

namespace sluice::config {

enum class InDoubt : std::uint8_t { resend, hold };
enum class DuplicateFile : std::uint8_t { reject, process };
enum class HardLinks : std::uint8_t { leave, copy };
enum class PlacedBefore : std::uint8_t { warn, hold, send };
enum class LogFormat : std::uint8_t { text, json };
enum class Language : std::uint8_t { from_environment, en, zh };
enum class LogLevel : std::uint8_t { trace, debug, info, warn, error };

/// Where the Authorization header's value comes from. The value itself is never part of the settings.
struct CredentialSource {
  enum class From : std::uint8_t { file, env, credential } from = From::file;
  std::string name;  ///< path, variable, or systemd credential
};

/// What notify.command may be run for.
enum class Event : std::uint8_t { finished, refused, rejected, paused, resumed, held, in_doubt, stuck };
inline constexpr std::string_view kEventNames[] = {"finished", "refused", "rejected", "paused",
                                                   "resumed",  "held",    "in_doubt", "stuck"};
/// A set of them: bit N stands for the one of value N.
using NotifyOn = std::uint32_t;
inline constexpr NotifyOn kNotifyOnAll = (1U << (static_cast<unsigned>(Event::stuck) + 1)) - 1;

/// docs/contract.md, Configuration: same names, same defaults.
struct Settings {
  std::string spool = "/var/spool/sluice";
  struct Upstream {
    std::string base_url;  ///< with its trailing slash
    CredentialSource authorization;
    std::string ca_file;
    Millis connect_timeout{10'000};
    Millis response_timeout{65'000};
    std::uint32_t max_in_flight = 32;
  } upstream;
  struct {
    std::uint32_t requests = 10;
    Millis per{1'000};
    std::string gate;  ///< empty: state/gate, or a row of the account's database
  } rate;
  struct Ledger {
    std::string postgresql;     ///< how libpq finds the account's database; empty: the ledger is a file in state/
    std::string password_file;  ///< empty: none is needed
    std::string host;           ///< how this process is called among the others; empty: the machine's name
    bool shared_spool = false;
  } ledger;
  struct {
    std::uint32_t orders = 50;
    std::uint64_t bytes = 512 * 1024;
  } batch;
  struct {
    InDoubt in_doubt = InDoubt::resend;
    std::uint32_t attempts = 5;
    Millis first_delay{6'000};
    Millis max_delay{300'000};
    Millis outage{3'600'000};
  } retry;
  struct Inbox {
    Millis settle{2'000};
    Millis scan_every{30'000};
    std::string ready_suffix;
    std::uint64_t max_bytes = 1ULL << 30;
    HardLinks hard_links = HardLinks::leave;
    DuplicateFile duplicate_file = DuplicateFile::reject;
    Millis duplicate_window{7LL * 24 * 3'600'000};
  } inbox;
  struct {
    std::uint64_t max_rows = 1'000'000;
    std::uint64_t max_orders_per_file = 0;
    std::uint64_t max_orders_per_day = 0;
    std::uint32_t stop_when_refused = 90;  ///< percent
    PlacedBefore placed_before = PlacedBefore::warn;
  } guard;
  struct Keep {
    Millis archive{0};  ///< 0: for ever, and so the next two
    Millis outbox{0};
    Millis rejected{0};
    Millis orders{90LL * 24 * 3'600'000};  ///< 0: none is remembered
  } keep;
  struct {
    Millis grace{30'000};
  } stop;
  struct {
    std::string socket;  ///< empty: <spool>/control.sock
    std::string metrics;
    std::string web;                   ///< ADDRESS:PORT on loopback, or unix:/path; empty: there is no page
    std::string web_user_header;       ///< believed on a Unix socket alone
    std::string operators = "sluice";  ///< a Unix group
  } control;
  struct Notify {
    std::string command;  ///< empty: nobody is told
    NotifyOn on = kNotifyOnAll;
  } notify;
  struct {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
  } log;
  Language language = Language::from_environment;
};

/// What rate.requests and rate.per come to.
inline double requests_a_second(const Settings& settings) {
  return settings.rate.requests * 1000.0 / static_cast<double>(settings.rate.per.count());
}

/// A slot of a gate in the database is a round trip and a commit: beyond this pace the gate is to be a file.
inline constexpr std::uint32_t kMostSlotsOfDatabase = 300;  ///< a second

/// One setting in force, for `sluice config`.
struct Shown {
  std::string key;     ///< dotted
  std::string value;   ///< as it would be written; a secret's source, never its value
  std::string source;  ///< "default" or file:line
};

struct Loaded {
  Settings settings;
  std::vector<Shown> shown;  ///< every key, in the table's order
};

/// Reads YAML strictly: an unknown key, a wrong type or a bad unit is refused with file:line:column, the key, what was
/// expected and the nearest known key. Plain http only for loopback. `file` is only named in messages.
Result<Loaded> load(const std::string& yaml, const std::string& file);

/// What changed between two settings that needs a restart (spool, gate, rate, ledger, socket): dotted keys.
std::vector<std::string> needs_restart(const Settings& before, const Settings& after);

}  // namespace sluice::config
