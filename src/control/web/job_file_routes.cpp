// The files that a job left, as attachments.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <optional>

#include "parsed.hpp"
#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/text/words/operating.hpp"
#include "sluice/text/words/web.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

namespace json = boost::json;
namespace words = text::words;

constexpr std::size_t kPiece = 256 * 1024;

struct Kind {
  std::string_view name;
  std::optional<ports::OutputKind> output;  ///< none: the reason, in rejected/
};
constexpr Kind kKinds[] = {
    {"results", ports::OutputKind::results},
    {"failures", ports::OutputKind::failures},
    {"in-doubt", ports::OutputKind::in_doubt},
    {"summary", ports::OutputKind::summary},
    {"reason", std::nullopt},
};

std::string file_name(const ports::JobHeader& job, const Kind& kind) {
  return kind.output ? ports::output_name(job.name, job.id, *kind.output) : ports::reason_name(job.name, job.id);
}

/// Only what sluice itself wrote there: the folders are the group's, and a link put in a file's place leads nowhere.
Result<std::unique_ptr<ports::ClaimedFile>> open_file(const Desk& desk, const ports::JobHeader& job, const Kind& kind) {
  const auto folder = kind.output ? "/outbox/" : "/rejected/";
  return adapters::spool::open_own_file(desk.settings.spool + folder + file_name(job, kind));
}

/// Any bytes, for a header (RFC 8187).
std::string percent_encoded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

ports::Task<Answered> files(Call call) {
  const auto job = co_await call.desk.ledger.job(call.job);
  if (!job) co_return problem(job.error());
  if (!*job) co_return problem(404, words::no_job(call.job));
  json::array list;
  for (const auto& kind : kKinds) {
    const auto file = open_file(call.desk, **job, kind);
    if (!file) continue;
    const auto identity = co_await (*file)->identity();
    if (!identity) continue;
    list.push_back(
        {{"kind", kind.name}, {"name", text::shown(file_name(**job, kind), 255)}, {"bytes", identity->size}});
  }
  co_return Reply{.body = json::serialize(json::object{{"files", std::move(list)}})};
}

ports::Task<Answered> file(Call call) {
  const auto job = co_await call.desk.ledger.job(call.job);
  if (!job) co_return problem(job.error());
  const auto* kind = std::ranges::find(kKinds, std::string_view(call.name), &Kind::name);
  if (!*job || kind == std::end(kKinds)) co_return problem(404, words::no_such_address());
  const auto file = open_file(call.desk, **job, *kind);
  if (!file) co_return problem(404, words::file_is_gone(std::string(kind->name)));
  const auto identity = co_await (*file)->identity();
  if (!identity) co_return problem(identity.error());
  Reply head{
      .type = "application/octet-stream",
      .headers = {{"Content-Disposition", "attachment; filename*=UTF-8''" + percent_encoded(file_name(**job, *kind))},
                  {"X-Content-Type-Options", "nosniff"}}};
  if (!co_await call.exchange.begin(std::move(head), identity->size)) co_return std::nullopt;
  for (std::uint64_t at = 0; at < identity->size;) {
    auto piece = co_await (*file)->read_at(at, std::min<std::uint64_t>(kPiece, identity->size - at));
    if (!piece || piece->empty()) {  // what was promised can't be kept: the other side sees that it broke off
      call.exchange.give_up();
      co_return std::nullopt;
    }
    at += piece->size();
    if (!co_await call.exchange.send(std::move(*piece))) co_return std::nullopt;
  }
  co_return std::nullopt;
}

}  // namespace sluice::control::web
