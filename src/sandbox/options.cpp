#include "options.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <array>
#include <charconv>
#include <fstream>
#include <map>

namespace sluice::sandbox {
namespace {

constexpr int kUsage = 64;

/// Options that are not what they look like on the command line.
struct Words {
  std::string latency = "0";
  std::string jitter = "0";
  std::string stall = "0";
  std::string stall_every = "10s";
  std::string repeat_guard = "0";
  std::string keep_alive = "75s";
  std::string status_as = "integer";
  std::string now;
  std::vector<std::string> faults;
  std::vector<std::string> known_orders;
  std::string seed_orders;
};

std::string fault_help() {
  std::string help =
      "Faults, as --fault KIND[:CHANCE][@FROM[-[TO]]] or by POST of such words to /sandbox/faults; "
      "KIND-applied and KIND-unapplied say otherwise whether the orders are applied:\n";
  for (const FaultKind& kind : fault_kinds()) {
    help += fmt::format("  {:16} {}{}\n", kind.name, kind.words, kind.applied ? " (applied)" : "");
  }
  return help +
         "  NNN              any HTTP status\n"
         "  too-large:N      413 for more than N orders\n"
         "  statusN          an order is answered N, not applied (9: the service's internal error); statusN-applied\n"
         "Pages: /sandbox/stats, /sandbox/requests, /sandbox/orders[?uid=UID], /sandbox/faults\n";
}

void describe_serving(CLI::App& app, Options& options, Words& words) {
  app.add_option("--port", options.port, "0: the system picks; the URL is the first line printed");
  app.add_option("--bind", options.bind, "a loopback address")->capture_default_str();
  app.add_option("--port-file", options.port_file, "write the port here, once it is open");
  app.add_option("--tls", options.tls_dir, "serve TLS; the authority made for it goes to DIR/ca.pem")->type_name("DIR");
  auto* value =
      app.add_option("--authorization", options.authorization, "the only value taken; else any but an empty one");
  app.add_option("--authorization-file", options.authorization_file, "the same from a file, read at each request")
      ->excludes(value);
  app.add_flag("--unauthorized-in-body", options.unauthorized_in_body, "say 401 in the body of a 200");
  app.add_option("--rate", options.rate, "requests in any second, 429 above; 0: no limit")->capture_default_str();
  app.add_option("--latency", words.latency, "before each answer, e.g. 20ms");
  app.add_option("--jitter", words.jitter, "up to so much more");
  app.add_option("--stall", words.stall, "stand still for so long, as one that collects garbage");
  app.add_option("--stall-every", words.stall_every, "how often")->capture_default_str();
  app.add_option("--repeat-guard", words.repeat_guard, "refuse an identical body for so long");
  app.add_option("--keep-alive", words.keep_alive, "close a connection idle for so long")->capture_default_str();
}

void describe_memory(CLI::App& app, Options& options, Words& words) {
  app.add_flag("!--no-overlap-guard", options.rules.overlap_guard, "apply duplicates instead of refusing them (6)");
  app.add_option("--nickname-limit", options.rules.nickname_limit, "characters")->capture_default_str();
  app.add_option("--update-limit", options.rules.update_limit, "updates of one order")->capture_default_str();
  app.add_option("--status-as", words.status_as, "how a row's status is written: integer or string")
      ->check(CLI::IsMember({"integer", "string"}))
      ->capture_default_str()
      ->type_name("HOW");
  app.add_option("--state", options.state_file, "remember what was applied in this file");
  app.add_option("--known-order", words.known_orders, "ORDERID:UID[:DOUYINID[:END]], an order to be updated");
  app.add_option("--seed-orders", words.seed_orders, "a file of such, one a line");
  app.add_option("--now", words.now, "what the clock shows at the start, RFC 3339");
  app.add_flag("--frozen", options.frozen, "and it stays there");
  app.add_option("--fault", words.faults, "see below");
  app.add_option("--seed", options.seed, "same seed, same faults")->capture_default_str();
}

Result<void> read_words(const Words& words, Options& options) {
  struct Row {
    const char* option;
    const std::string& text;
    Nanos& value;
  };
  for (const Row& row : std::initializer_list<Row>{{"--latency", words.latency, options.latency},
                                                   {"--jitter", words.jitter, options.jitter},
                                                   {"--stall", words.stall, options.stall},
                                                   {"--stall-every", words.stall_every, options.stall_every},
                                                   {"--repeat-guard", words.repeat_guard, options.repeat_guard},
                                                   {"--keep-alive", words.keep_alive, options.keep_alive}}) {
    const auto value = parse_duration(row.text);
    if (!value) return fail(ErrorKind::usage, fmt::format("{}: {}", row.option, value.error().words));
    row.value = *value;
  }
  options.status_as = words.status_as == "string" ? StatusAs::string : StatusAs::integer;
  if (words.now.empty()) return {};
  options.now = parse_instant(words.now);
  if (!options.now) return fail(ErrorKind::usage, "--now wants RFC 3339, e.g. 2024-01-17T16:59:30+08:00");
  return {};
}

Result<void> read_lists(Words words, Options& options) {
  if (!words.seed_orders.empty()) {
    std::ifstream in(words.seed_orders);
    if (!in) return fail(ErrorKind::usage, fmt::format("--seed-orders: {} can't be read", words.seed_orders));
    for (std::string line; std::getline(in, line);) {
      if (!line.empty()) words.known_orders.push_back(line);
    }
  }
  for (const std::string& text : words.known_orders) {
    auto known = parse_known_order(text);
    if (!known) return std::unexpected(known.error());
    options.known_orders.push_back(std::move(*known));
  }
  for (const std::string& spec : words.faults) {
    auto fault = parse_fault(spec);
    if (!fault) return std::unexpected(fault.error());
    options.faults.push_back(std::move(*fault));
  }
  return {};
}

}  // namespace

Parsed parse_options(int argc, const char* const* argv) {
  Options options;
  Words words;
  CLI::App app{"The order API on loopback, with memory, its limit, and faults on demand"};
  app.set_version_flag("--version", "sluice-sandbox " SLUICE_VERSION);
  app.footer(fault_help());
  describe_serving(app, options, words);
  describe_memory(app, options, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {.options = {}, .exit_code = app.exit(error) == 0 ? 0 : kUsage};
  }
  auto read = read_words(words, options);
  if (read) read = read_lists(std::move(words), options);
  if (!read) {
    fmt::print(stderr, "sluice-sandbox: {}\n", read.error().words);
    return {.options = {}, .exit_code = kUsage};
  }
  return {.options = std::move(options), .exit_code = 0};
}

Result<KnownOrder> parse_known_order(std::string_view text) {
  std::array<std::string, 4> parts;
  std::string_view left = text;
  std::size_t count = 0;
  for (auto& part : parts) {
    const auto colon = left.find(':');
    part = left.substr(0, colon);
    ++count;
    left.remove_prefix(colon == std::string_view::npos ? left.size() : colon + 1);
    if (colon == std::string_view::npos) break;
  }
  const bool end_reads = parts[3].empty() || end_day(parts[3]);
  if (count < 2 || !left.empty() || parts[0].empty() || parts[1].empty() || !end_reads) {
    return fail(ErrorKind::usage, fmt::format("'{}' does not read as ORDERID:UID[:DOUYINID[:END]]", text));
  }
  return KnownOrder{std::move(parts[0]), std::move(parts[1]), std::move(parts[2]), std::move(parts[3])};
}

Result<Nanos> parse_duration(std::string_view text) {
  static const std::map<std::string_view, Nanos> kUnits{{"us", std::chrono::microseconds(1)},
                                                        {"ms", std::chrono::milliseconds(1)},
                                                        {"s", std::chrono::seconds(1)},
                                                        {"m", std::chrono::minutes(1)}};
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const auto found = kUnits.find(unit);
  if (error == std::errc{} && count >= 0 && found != kUnits.end()) return count * found->second;
  if (error == std::errc{} && count == 0 && unit.empty()) return Nanos{};
  return fail(ErrorKind::usage, fmt::format("'{}' is no duration such as 20ms, 5s or 2m", text));
}

}  // namespace sluice::sandbox
