#include "keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conninfo.hpp"
#include "judges.hpp"
#include "sluice/text/distance.hpp"
#include "sluice/text/words/keys.hpp"

namespace sluice::config {

namespace {

using namespace std::chrono_literals;

namespace words = text::words;

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
constexpr std::string_view kNoOrYes[] = {"false", "true"};
constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error"};
constexpr std::string_view kFormats[] = {"text", "json"};
constexpr std::string_view kLanguages[] = {"auto", "en", "zh"};

constexpr std::uint64_t kMebi = 1ULL << 20;
constexpr std::uint64_t kTebi = 1ULL << 40;
constexpr std::uint64_t kMostRows = 1'000'000'000;  // the index of a file's orders counts rows in 32 bits
constexpr std::uint64_t kMostOrders = 1'000'000'000'000;

constexpr Key kKeys[] = {
    {.name = "spool",
     .field = Text{AT(spool), absolute_path, words::type_path},
     .words = words::key_spool,
     .restart = true},

    {.name = "upstream.base_url",
     .field = Text{AT(upstream.base_url), base_url, words::type_url},
     .words = words::key_base_url,
     .required = true,
     .silent = true},
    {.name = "upstream.authorization",
     .field = Credential{AT(upstream.authorization)},
     .words = words::key_authorization,
     .required = true,
     .silent = true},
    {.name = "upstream.ca_file",
     .field = Text{AT(upstream.ca_file), path_or_empty, words::type_path_or_none},
     .words = words::key_ca_file},
    {.name = "upstream.connect_timeout",
     .field = Duration{AT(upstream.connect_timeout), 10ms, 5min},
     .words = words::key_connect_timeout},
    {.name = "upstream.response_timeout",
     .field = Duration{AT(upstream.response_timeout), 10ms, 1h},
     .words = words::key_response_timeout},
    {.name = "upstream.max_in_flight",
     .field = Count{AT(upstream.max_in_flight), 1, 4'096},
     .words = words::key_max_in_flight},

    {.name = "rate.requests",
     .field = Count{AT(rate.requests), 1, 1'000'000},
     .words = words::key_requests,
     .restart = true},
    {.name = "rate.per", .field = Duration{AT(rate.per), 10ms, 1h}, .words = words::key_per, .restart = true},
    {.name = "rate.gate",
     .field = Text{AT(rate.gate), path_or_empty, words::type_path_or_none},
     .words = words::key_gate,
     .restart = true},

    {.name = "ledger.postgresql",
     .field = Text{AT(ledger.postgresql), conninfo_or_empty, words::type_conninfo},
     .words = words::key_postgresql,
     .restart = true,
     .silent = true},
    {.name = "ledger.password",
     .field = SecretFile{AT(ledger.password_file)},
     .words = words::key_password,
     .restart = true,
     .silent = true},
    {.name = "ledger.host",
     .field = Text{AT(ledger.host), host_name_or_empty, words::type_host_name},
     .words = words::key_host,
     .restart = true},
    {.name = "ledger.shared_spool",
     .field = CHOICE(kNoOrYes, ledger.shared_spool),
     .words = words::key_shared_spool,
     .restart = true},

    {.name = "batch.orders", .field = Count{AT(batch.orders), 1, 1'000}, .words = words::key_orders},
    {.name = "batch.bytes", .field = Size{AT(batch.bytes), 1'024, 16 * kMebi}, .words = words::key_bytes},

    {.name = "retry.in_doubt", .field = CHOICE(kInDoubt, retry.in_doubt), .words = words::key_in_doubt},
    {.name = "retry.attempts", .field = Count{AT(retry.attempts), 1, 100}, .words = words::key_attempts},
    {.name = "retry.first_delay", .field = Duration{AT(retry.first_delay), 1ms, 1h}, .words = words::key_first_delay},
    {.name = "retry.max_delay", .field = Duration{AT(retry.max_delay), 1ms, 24h}, .words = words::key_max_delay},
    {.name = "retry.outage", .field = Duration{AT(retry.outage), 0ms, 30 * 24h}, .words = words::key_outage},

    {.name = "inbox.settle", .field = Duration{AT(inbox.settle), 0ms, 1h}, .words = words::key_settle},
    {.name = "inbox.scan_every", .field = Duration{AT(inbox.scan_every), 10ms, 1h}, .words = words::key_scan_every},
    {.name = "inbox.ready_suffix",
     .field = Text{AT(inbox.ready_suffix), file_suffix_or_empty, words::type_suffix},
     .words = words::key_ready_suffix},
    {.name = "inbox.max_bytes", .field = Size{AT(inbox.max_bytes), 1, 16 * kTebi}, .words = words::key_max_bytes},
    {.name = "inbox.hard_links", .field = CHOICE(kHardLinks, inbox.hard_links), .words = words::key_hard_links},
    {.name = "inbox.duplicate_file",
     .field = CHOICE(kDuplicateFile, inbox.duplicate_file),
     .words = words::key_duplicate_file},
    {.name = "inbox.duplicate_window",
     .field = Duration{AT(inbox.duplicate_window), 0ms, 366 * 24h},
     .words = words::key_duplicate_window},

    {.name = "guard.max_rows", .field = BigCount{AT(guard.max_rows), 1, kMostRows}, .words = words::key_max_rows},
    {.name = "guard.max_orders_per_file",
     .field = BigCount{AT(guard.max_orders_per_file), 0, kMostOrders},
     .words = words::key_max_per_file},
    {.name = "guard.max_orders_per_day",
     .field = BigCount{AT(guard.max_orders_per_day), 0, kMostOrders},
     .words = words::key_max_per_day},
    {.name = "guard.stop_when_refused",
     .field = Percent{AT(guard.stop_when_refused)},
     .words = words::key_stop_when_refused},

    {.name = "guard.placed_before",
     .field = CHOICE(kPlacedBefore, guard.placed_before),
     .words = words::key_placed_before},

    {.name = "keep.archive", .field = Duration{AT(keep.archive), 0ms, 100 * 366 * 24h}, .words = words::key_archive},
    {.name = "keep.outbox", .field = Duration{AT(keep.outbox), 0ms, 100 * 366 * 24h}, .words = words::key_outbox},
    {.name = "keep.rejected", .field = Duration{AT(keep.rejected), 0ms, 100 * 366 * 24h}, .words = words::key_rejected},
    {.name = "keep.orders", .field = Duration{AT(keep.orders), 0ms, 10 * 366 * 24h}, .words = words::key_keep_orders},

    {.name = "stop.grace", .field = Duration{AT(stop.grace), 0ms, 1h}, .words = words::key_grace},

    {.name = "control.socket",
     .field = Text{AT(control.socket), socket_path_or_empty, words::type_path_or_none},
     .words = words::key_socket,
     .restart = true},
    {.name = "control.metrics",
     .field = Text{AT(control.metrics), listen_address_or_empty, words::type_listen},
     .words = words::key_metrics,
     .restart = true},
    {.name = "control.web",
     .field = Text{AT(control.web), web_address_or_empty, words::type_web},
     .words = words::key_web,
     .restart = true},
    {.name = "control.web_user_header",
     .field = Text{AT(control.web_user_header), header_name_or_empty, words::type_header},
     .words = words::key_web_user_header,
     .restart = true},
    {.name = "control.operators",
     .field = Text{AT(control.operators), group_name, words::type_group},
     .words = words::key_operators,
     .restart = true},

    {.name = "notify.command",
     .field = Text{AT(notify.command), any_text, words::type_command},
     .words = words::key_command},
    {.name = "notify.on", .field = Several{kEventNames, AT(notify.on)}, .words = words::key_on},

    {.name = "log.level", .field = CHOICE(kLevels, log.level), .words = words::key_level},
    {.name = "log.format", .field = CHOICE(kFormats, log.format), .words = words::key_format},

    {.name = "language", .field = CHOICE(kLanguages, language), .words = words::key_language},
};

#undef AT
#undef CHOICE

std::string_view leaf(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);
}

std::string_view group(std::string_view dotted) {
  return dotted.substr(0, std::min(dotted.find('.'), dotted.size()));
}

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

std::string reference(text::Lang lang) {
  const Settings defaults;
  const auto said = [&](const text::Sentence<0>& sentence) { return text::in(lang, sentence()); };
  std::string page = said(words::reference_head);
  std::string_view group;
  for (const Key& key : keys()) {
    if (group_of(key.name) != group) {
      group = group_of(key.name);
      fmt::format_to(std::back_inserter(page), "\n## {}\n\n| {} |\n|---|---|---|---|---|\n", group,
                     said(words::reference_columns));
    }
    const std::string fallback =
        key.required ? said(words::reference_required) : fmt::format("`{}`", written(key.field, defaults));
    fmt::format_to(std::back_inserter(page), "| `{}` | {} | {} | {} | {} |\n", key.name, fallback,
                   cell(text::in(lang, type_words(key.field))),
                   said(key.restart ? words::on_restart : words::on_reload), cell(said(key.words)));
  }
  return page;
}

}  // namespace sluice::config
