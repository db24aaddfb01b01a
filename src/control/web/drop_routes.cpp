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

constexpr auto kLongestUpload = std::chrono::hours(1);

/// What this daemon remembers of earlier files.
class Remembered final : public pipeline::EarlierFiles {
 public:
  Remembered(Desk& desk, std::string content_hash) : desk_(desk), content_hash_(std::move(content_hash)) {}

  ports::Task<std::vector<ports::Doubt>> doubts() const override {
    auto doubts = co_await desk_.ledger.doubts(desk_.clock.wall());
    co_return doubts ? std::move(*doubts) : std::vector<ports::Doubt>{};
  }
  ports::Task<std::optional<std::string>> why_not_again(ports::ClaimedFile&) const override {
    const auto& inbox = desk_.settings.inbox;
    if (inbox.duplicate_file == config::DuplicateFile::process) co_return std::nullopt;
    const auto now = desk_.clock.wall();
    auto why =
        co_await pipeline::why_not_again(desk_.ledger, content_hash_, now - inbox.duplicate_window, now, std::nullopt);
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
  std::string content_hash_;
};

/// What has come in.
struct TakenIn {
  std::uint64_t bytes = 0;
  std::string content_hash;
};

/// Takes the body in, whole and durable. An error: nothing of it is left.
ports::Task<std::expected<TakenIn, Reply>> take_in(Desk& desk, Exchange& exchange, const std::string& id) {
  auto& files = desk.uploads.files();
  const auto most = desk.settings.inbox.max_bytes;
  const auto too_large = [&] {
    return problem(413, text::both({text::Word::file_too_large,
                                    {text::size_words(exchange.length().value_or(most)), text::size_words(most)}}));
  };
  if (exchange.length().value_or(0) > most) co_return std::unexpected(too_large());
  if (auto begun = co_await files.begin(id, exchange.length().value_or(0)); !begun)
    co_return std::unexpected(problem(begun.error()));
  exchange.ends_within(kLongestUpload);
  TakenIn taken;
  std::optional<Reply> trouble;
  while (!trouble) {
    auto piece = co_await exchange.piece();
    if (piece && piece->empty()) break;
    taken.bytes += piece ? piece->size() : 0;
    if (!piece) {
      trouble = problem(piece.error());
    } else if (taken.bytes > most) {
      trouble = too_large();
    } else if (auto done = co_await files.append(id, std::move(*piece)); !done) {
      trouble = problem(done.error());
    }
  }
  if (!trouble) {
    auto hash = co_await files.finish(id);
    if (!hash) trouble = problem(hash.error());
    if (hash) taken.content_hash = *std::move(hash);
  }
  if (!trouble) co_return taken;
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
  const auto taken = co_await take_in(desk, call.exchange, id);
  if (!taken) co_return taken.error();
  const auto file = desk.uploads.files().open(id);
  Result<pipeline::CheckReport> report = std::unexpected(file ? Error{} : file.error());
  if (file) {
    const auto language = call.exchange.parameter("lang") == "zh" ? text::Lang::zh : text::Lang::en;
    const Remembered remembered(desk, taken->content_hash);
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
  object["bytes"] = taken->bytes;
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
