#include "keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "judges.hpp"
#include "sluice/text/distance.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::config {

namespace {

using namespace std::chrono_literals;

// Where a value lives in Settings; its structs have no names to point into.
#define AT(member) [](Settings& s) -> auto& { return s.member; }
#define CHOICE(names, member)                                                             \
  Choice {                                                                                \
    names, [](const Settings& s) { return static_cast<std::size_t>(s.member); },          \
        [](Settings& s, std::size_t i) { s.member = static_cast<decltype(s.member)>(i); } \
  }

using Count = Whole<std::uint32_t>;
using BigCount = Whole<std::uint64_t>;

constexpr std::string_view kInDoubt[] = {"resend", "hold"};
constexpr std::string_view kDuplicateFile[] = {"reject", "process"};
constexpr std::string_view kHardLinks[] = {"leave", "copy"};
constexpr std::string_view kPlacedBefore[] = {"warn", "hold", "send"};
constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error"};
constexpr std::string_view kFormats[] = {"text", "json"};
constexpr std::string_view kLanguages[] = {"auto", "en", "zh"};
constexpr std::string_view kEvents[] = {"finished", "refused", "rejected", "paused",
                                        "resumed",  "held",    "in_doubt", "stuck"};

constexpr std::string_view kPath = "an absolute path";
constexpr std::string_view kPathOrEmpty = "an absolute path, or \"\"";

constexpr std::uint64_t kMebi = 1ULL << 20;
constexpr std::uint64_t kTebi = 1ULL << 40;
constexpr std::uint64_t kMostRows = 1'000'000'000;  // the index of a file's orders counts rows in 32 bits
constexpr std::uint64_t kMostOrders = 1'000'000'000'000;

constexpr Key kKeys[] = {
    {.name = "spool",
     .field = Text{AT(spool), absolute_path, kPath},
     .words = "The folder with inbox/, outbox/, archive/, rejected/ and state/. All on one filesystem: files are moved "
              "by renaming.",
     .restart = true},

    {.name = "upstream.base_url",
     .field = Text{AT(upstream.base_url), base_url, "an https:// address (http:// for loopback only)"},
     .words = "The API's address; service paths are added behind it. A job keeps the address it began with: after a "
              "change, begun jobs are held.",
     .required = true,
     .silent = true},
    {.name = "upstream.authorization",
     .field = Credential{AT(upstream.authorization)},
     .words = "Where the whole value of the Authorization header comes from. A file is watched and its new value used "
              "at once; env and credential (systemd's LoadCredential) are read once.",
     .required = true,
     .silent = true},
    {.name = "upstream.ca_file",
     .field = Text{AT(upstream.ca_file), path_or_empty, kPathOrEmpty},
     .words = "Trust the certificates of this PEM bundle instead of the system's."},
    {.name = "upstream.connect_timeout",
     .field = Duration{AT(upstream.connect_timeout), 10ms, 5min},
     .words = "For name look-up, TCP and TLS together. Until then nothing was sent."},
    {.name = "upstream.response_timeout",
     .field = Duration{AT(upstream.response_timeout), 10ms, 1h},
     .words = "From the first byte of a request out to the last byte of its answer in. What is cut by it may have been "
              "applied, so keep it above the gateway's own timeout (60s is usual)."},
    {.name = "upstream.max_in_flight",
     .field = Count{AT(upstream.max_in_flight), 1, 4'096},
     .words = "Requests under way at once. A crash or cut leaves at most so many batches in doubt."},

    {.name = "rate.requests",
     .field = Count{AT(rate.requests), 1, 1'000'000},
     .words = "Requests in any window of rate.per: the account's limit, both services, retries and probes together. "
              "From 1 to 100,000 a second.",
     .restart = true},
    {.name = "rate.per", .field = Duration{AT(rate.per), 10ms, 1h}, .words = "The limit's window.", .restart = true},
    {.name = "rate.gate",
     .field = Text{AT(rate.gate), path_or_empty, kPathOrEmpty},
     .words = "The file that holds the pacing state; empty: in state/. Point the spools of one account at one local "
              "file to share its limit.",
     .restart = true},

    {.name = "batch.orders",
     .field = Count{AT(batch.orders), 1, 1'000},
     .words = "Orders in one request at most. More is faster; fewer leaves fewer in doubt after a timeout."},
    {.name = "batch.bytes",
     .field = Size{AT(batch.bytes), 1'024, 16 * kMebi},
     .words = "Bytes in one request's body at most. nginx refuses more than 1MB unless told otherwise."},

    {.name = "retry.in_doubt",
     .field = CHOICE(kInDoubt, retry.in_doubt),
     .words = "What becomes of orders that may have been applied. resend: sent again, which is safe because the API "
              "refuses what it has done before. hold: never sent again; they end in the in-doubt file."},
    {.name = "retry.attempts",
     .field = Count{AT(retry.attempts), 1, 100},
     .words =
         "Ambiguous answers to one batch before it is halved, or an order alone given up; also retries of an order "
         "answered with an internal error."},
    {.name = "retry.first_delay",
     .field = Duration{AT(retry.first_delay), 1ms, 1h},
     .words = "Before the first resend, doubling from there. Keep it at 6s or more: identical bodies that come sooner "
              "are refused by the usual repeat guard."},
    {.name = "retry.max_delay",
     .field = Duration{AT(retry.max_delay), 1ms, 24h},
     .words = "The longest delay; also the slowest probing during an outage. At least retry.first_delay."},
    {.name = "retry.outage",
     .field = Duration{AT(retry.outage), 0ms, 30 * 24h},
     .words = "During an outage nothing is halved or given up before it has lasted so long."},

    {.name = "inbox.settle",
     .field = Duration{AT(inbox.settle), 0ms, 1h},
     .words = "How long a file written in place must rest before it is taken. Raise it for writers that pause."},
    {.name = "inbox.scan_every",
     .field = Duration{AT(inbox.scan_every), 10ms, 1h},
     .words = "The inbox is looked through so often even without a notice; network shares send none."},
    {.name = "inbox.ready_suffix",
     .field = Text{AT(inbox.ready_suffix), file_suffix_or_empty, "the end of a file name, such as .ok, or \"\""},
     .words =
         "Take FILE only when FILE with this suffix is there too, and remove that. Empty: no such file is needed."},
    {.name = "inbox.max_bytes",
     .field = Size{AT(inbox.max_bytes), 1, 16 * kTebi},
     .words = "A larger file is rejected whole. A job needs twice its size in free space."},
    {.name = "inbox.hard_links",
     .field = CHOICE(kHardLinks, inbox.hard_links),
     .words =
         "What becomes of a file that has other names, through which it could be changed after it was checked: left "
         "in the inbox, or copied, up to inbox.max_bytes."},
    {.name = "inbox.duplicate_file",
     .field = CHOICE(kDuplicateFile, inbox.duplicate_file),
     .words = "What becomes of a file whose content was processed within inbox.duplicate_window."},
    {.name = "inbox.duplicate_window",
     .field = Duration{AT(inbox.duplicate_window), 0ms, 366 * 24h},
     .words = "How far back inbox.duplicate_file looks."},

    {.name = "guard.max_rows",
     .field = BigCount{AT(guard.max_rows), 1, kMostRows},
     .words = "A file with more rows is rejected whole."},
    {.name = "guard.max_orders_per_file",
     .field = BigCount{AT(guard.max_orders_per_file), 0, kMostOrders},
     .words = "A job with more orders to send is held until `release`. 0: no cap."},
    {.name = "guard.max_orders_per_day",
     .field = BigCount{AT(guard.max_orders_per_day), 0, kMostOrders},
     .words = "Orders sent for the first time in one day (UTC+8), over restarts; beyond it jobs wait for midnight or "
              "`release`. 0: no cap."},
    {.name = "guard.stop_when_refused",
     .field = Percent{AT(guard.stop_when_refused)},
     .words = "A job is held when, of its first 100 settled orders or more, so many were refused with the same status: "
              "most likely a mistake in the file. 0%: never."},

    {.name = "guard.placed_before",
     .field = CHOICE(kPlacedBefore, guard.placed_before),
     .words = "What becomes of a file with orders that an earlier file had accepted, the same in every value, within "
              "keep.orders. warn: it is said in check, log and status. hold: the job is held before its first request, "
              "until `release`. send: nobody looks."},

    {.name = "keep.archive",
     .field = Duration{AT(keep.archive), 0ms, 100 * 366 * 24h},
     .words = "How long the originals of finished jobs stay in archive/, from the job's end. 0s: for ever. What is in "
              "doubt always stays, in outbox/ too, until somebody has resolved all of it."},
    {.name = "keep.outbox",
     .field = Duration{AT(keep.outbox), 0ms, 100 * 366 * 24h},
     .words = "How long results, failures, in-doubt files and summaries stay in outbox/, if nobody has moved them on. "
              "0s: for ever."},
    {.name = "keep.rejected",
     .field = Duration{AT(keep.rejected), 0ms, 100 * 366 * 24h},
     .words = "How long refused files and their reasons stay in rejected/. 0s: for ever."},
    {.name = "keep.orders",
     .field = Duration{AT(keep.orders), 0ms, 10 * 366 * 24h},
     .words =
         "How long it is remembered what became of each order, some 100 bytes in the ledger: for `sluice find`, and "
         "for guard.placed_before. 0s: not at all."},

    {.name = "stop.grace",
     .field = Duration{AT(stop.grace), 0ms, 1h},
     .words =
         "How long a stop waits for answers under way before it cuts them; what is cut may have been applied. Keep "
         "systemd's TimeoutStopSec above it."},

    {.name = "control.socket",
     .field = Text{AT(control.socket), socket_path_or_empty, kPathOrEmpty},
     .words = "The socket that commands speak to; empty: control.sock in the spool.",
     .restart = true},
    {.name = "control.metrics",
     .field = Text{AT(control.metrics), listen_address_or_empty, "ADDRESS:PORT, or \"\""},
     .words = "Where metrics are served for Prometheus, such as 127.0.0.1:9464; empty: nowhere. No password guards it.",
     .restart = true},

    {.name = "notify.command",
     .field = Text{AT(notify.command), any_text, "a command for /bin/sh, or \"\""},
     .words =
         "Run for each event of notify.on, one at a time, for at most 30s, and twice more where it fails. The event "
         "is JSON on its standard input; SLUICE_EVENT, SLUICE_JOB, SLUICE_NAME and SLUICE_WORDS are in its "
         "environment, the credential never. Empty: nobody is told."},
    {.name = "notify.on",
     .field = Several{kEvents, AT(notify.on)},
     .words = "What it is run for. refused: a job ended with orders that were not accepted. stuck: a file has not been "
              "taken for an hour."},

    {.name = "log.level", .field = CHOICE(kLevels, log.level), .words = "The least that is logged."},
    {.name = "log.format",
     .field = CHOICE(kFormats, log.format),
     .words = "text for people and the journal, json for log collectors."},

    {.name = "language",
     .field = CHOICE(kLanguages, language),
     .words = "The language of the log and of what commands say. auto: Chinese where LC_ALL, LC_MESSAGES or LANG, the "
              "first of them that is set, begins with zh, else English. Results, reasons and progress speak their "
              "file's language."},
};

#undef AT
#undef CHOICE

std::string_view leaf(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);
}

std::string_view group(std::string_view dotted) {
  return dotted.substr(0, std::min(dotted.find('.'), dotted.size()));
}

constexpr std::string_view kHead =
    R"(# Configuration reference

<!-- Generated from the table of keys (src/config/keys.cpp): change it there. -->

Sluice reads one YAML file: `--config FILE`, else `$SLUICE_CONFIG`, else `/etc/sluice/sluice.yaml`. Every key is
optional but the two marked *required*. Unknown keys, wrong types and bad units are refused with file, line and column;
`sluice config --check` does only that, and sees that the credential and the CA file can be used, as a start would; run
it as the same user, with the same environment. `sluice config` shows every setting in force with its source.
Keys take effect on reload (SIGHUP, `systemctl reload sluice`) but for those that say *restart*.
)";

std::string_view group_of(std::string_view name) {
  return name.substr(0, std::min(name.find('.'), name.size()));
}

/// A cell may hold no bar.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, 1, '\\');
  return text;
}

}  // namespace

std::span<const Key> keys() {
  return kKeys;
}

std::string_view nearest_key(std::string_view dotted) {
  dotted = dotted.substr(0, 80);
  std::string_view nearest;
  std::size_t least = std::string_view::npos;
  const auto consider = [&](std::string_view name, std::size_t far) {
    if (far < least) nearest = name;
    least = std::min(least, far);
  };
  for (const Key& key : keys()) {
    consider(group(key.name), text::distance(dotted, group(key.name)));
    consider(key.name, std::min(text::distance(dotted, key.name), 1 + text::distance(leaf(dotted), leaf(key.name))));
  }
  return nearest;
}

std::string reference() {
  const Settings defaults;
  std::string page(kHead);
  std::string_view group;
  for (const Key& key : keys()) {
    if (group_of(key.name) != group) {
      group = group_of(key.name);
      fmt::format_to(std::back_inserter(page),
                     "\n## {}\n\n| key | default | takes | effect | meaning |\n|---|---|---|---|---|\n", group);
    }
    const std::string fallback = key.required ? "*required*" : fmt::format("`{}`", written(key.field, defaults));
    fmt::format_to(std::back_inserter(page), "| `{}` | {} | {} | {} | {} |\n", key.name, fallback,
                   cell(text::in(text::Lang::en, type_words(key.field))), key.restart ? "restart" : "reload",
                   cell(std::string(key.words)));
  }
  return page;
}

}  // namespace sluice::config
