// A file's way from a browser into the inbox: uploaded, checked, placed.
#include <spdlog/spdlog.h>
#include <boost/json.hpp>

#include <utility>

#include "parsed.hpp"
#include "sluice/control/check_view.hpp"
#include "sluice/pipeline/came_before.hpp"
#include "sluice/pipeline/check_report.hpp"
#include "sluice/text/words/web.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

namespace json = boost::json;
namespace words = text::words;

/// What this daemon remembers of earlier files.
class Remembered final : public pipeline::EarlierFiles {
 public:
  explicit Remembered(Desk& desk) : desk_(desk) {}

  ports::Task<std::vector<ports::Doubt>> doubts() const override {
    auto doubts = co_await desk_.ledger.doubts(desk_.clock.wall());
    co_return doubts ? std::move(*doubts) : std::vector<ports::Doubt>{};
  }
  ports::Task<std::optional<std::string>> why_not_again(ports::ClaimedFile& file) const override {
    const auto& inbox = desk_.settings.inbox;
    if (inbox.duplicate_file == config::DuplicateFile::process) co_return std::nullopt;
    const auto hash = co_await file.content_hash();
    if (!hash) co_return std::nullopt;  // the survey will say why it can't be read
    const auto now = desk_.clock.wall();
    auto why = co_await pipeline::why_not_again(desk_.ledger, *hash, now - inbox.duplicate_window, now, std::nullopt);
    co_return why ? *std::move(why) : std::nullopt;
  }
  bool may_know_orders() const override { return desk_.settings.guard.placed_before != config::PlacedBefore::send; }
  ports::Task<pipeline::PlacedBefore> placed_before(std::vector<std::string> elements) const override {
    if (!may_know_orders() || elements.empty()) co_return pipeline::PlacedBefore{};
    auto placed = co_await desk_.engine.placed_before(std::move(elements));
    co_return placed ? std::move(*placed) : pipeline::PlacedBefore{};
  }

 private:
  Desk& desk_;
};

/// Takes the body in, whole and durable; how many bytes. An error: nothing of it is left.
ports::Task<std::expected<std::uint64_t, Reply>> take_in(Desk& desk, Exchange& exchange, const std::string& id) {
  auto& files = desk.uploads.files();
  const auto most = desk.settings.inbox.max_bytes;
  const auto too_large = [&] {
    return problem(413, text::both({text::Word::file_too_large,
                                    {text::size_words(exchange.length().value_or(most)), text::size_words(most)}}));
  };
  if (exchange.length().value_or(0) > most) co_return std::unexpected(too_large());
  if (auto begun = co_await files.begin(id, exchange.length().value_or(0)); !begun)
    co_return std::unexpected(problem(begun.error()));
  std::uint64_t bytes = 0;
  std::optional<Reply> trouble;
  while (!trouble) {
    auto piece = co_await exchange.piece();
    if (piece && piece->empty()) break;
    bytes += piece ? piece->size() : 0;
    if (!piece) {
      trouble = problem(piece.error());
    } else if (bytes > most) {
      trouble = too_large();
    } else if (auto done = co_await files.append(id, std::move(*piece)); !done) {
      trouble = problem(done.error());
    }
  }
  if (!trouble) {
    if (auto done = co_await files.finish(id); !done) trouble = problem(done.error());
  }
  if (!trouble) co_return bytes;
  co_await files.remove(id);
  co_return std::unexpected(std::move(*trouble));
}

}  // namespace

ports::Task<Answered> upload(Call call) {
  auto& desk = call.desk;
  const auto name = call.exchange.parameter("name");
  if (auto why = why_no_name(name); !why.empty()) co_return problem(400, why);
  const auto slot = desk.uploads.slot();
  if (!slot) co_return problem(429, words::too_many_uploads());
  const auto id = new_token().substr(0, 32);
  const auto bytes = co_await take_in(desk, call.exchange, id);
  if (!bytes) co_return bytes.error();
  const auto file = desk.uploads.files().open(id);
  Result<pipeline::CheckReport> report = std::unexpected(file ? Error{} : file.error());
  if (file) {
    const auto language = call.exchange.parameter("lang") == "zh" ? text::Lang::zh : text::Lang::en;
    const Remembered remembered(desk);
    report = co_await pipeline::check(**file, desk.settings, remembered, desk.clock, language,
                                      [&desk] { return desk.uploads.stopped(); });
  }
  if (!report) {
    co_await desk.uploads.files().remove(id);
    co_return problem(report.error());
  }
  auto object = check_object(*report);
  object["upload"] = id;
  object["name"] = name;
  object["bytes"] = *bytes;
  object["until"] = rfc3339(desk.clock.wall() + UploadDesk::kKept);
  desk.uploads.keep(id, {.name = name, .user = call.caller.account.name});
  co_return Reply{.body = json::serialize(object)};
}

ports::Task<Answered> place(Call call) {
  auto& desk = call.desk;
  const auto id = call.name;
  auto entry = desk.uploads.take(id, call.caller.account.name);
  if (!entry) co_return problem(404, words::no_such_upload());
  const auto placed = co_await desk.uploads.files().place(id, entry->name, desk.settings.inbox.ready_suffix);
  if (!placed) {
    desk.uploads.keep(id, std::move(*entry));
    co_return problem(placed.error());
  }
  spdlog::info("{}", words::was_dropped(text::shown(*placed), named(call.caller)));
  co_return Reply{.body = json::serialize(json::object{{"name", *placed}})};
}

ports::Task<Answered> throw_away(Call call) {
  auto& desk = call.desk;
  if (!desk.uploads.take(call.name, call.caller.account.name)) co_return problem(404, words::no_such_upload());
  co_await desk.uploads.files().remove(call.name);
  co_return Reply{.status = 204};
}

}  // namespace sluice::control::web
