#include "sluice/pipeline/errand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sluice/text/shown.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {
constexpr std::string_view kPacked[] = {"hold", "release", "cancel", "heed_pause", "try_again"};
}  // namespace

Task<std::string> own_name(ports::Hosts& hosts) {
  const auto all = co_await hosts.all();
  if (!all) co_return "";
  const auto own = std::ranges::find_if(*all, &ports::Host::ours);
  co_return own == all->end() ? "" : text::shown(own->name);
}

Task<std::string> signed_by(ports::Hosts& hosts, std::string user) {
  const auto own = co_await own_name(hosts);
  co_return own.empty() ? user : fmt::format("{}@{}", user, own);
}

Instruction instruction_of(Command what) {
  return static_cast<Instruction>(what);
}

std::optional<Command> command_of(Instruction what) {
  return what > Instruction::cancel ? std::nullopt : std::optional(static_cast<Command>(what));
}

std::string pack(Instruction what) {
  return std::string(kPacked[static_cast<std::size_t>(what)]);
}

Result<Instruction> unpack(std::string_view packed) {
  const auto* const at = std::ranges::find(kPacked, packed);
  if (at == std::end(kPacked)) return fail(ErrorKind::usage, text::words::errand_unknown(text::shown(packed)));
  return static_cast<Instruction>(at - std::begin(kPacked));
}

Task<Result<std::string>> have_done(ports::Hosts& hosts, Command what, JobId job, std::string user) {
  co_return co_await hosts.send({.job = job, .what = pack(instruction_of(what)), .user = std::move(user)});
}

Task<Result<void>> tell_line(ports::Hosts& hosts, Instruction what, std::string user) {
  const auto told = co_await hosts.send({.job = {}, .what = pack(what), .user = std::move(user)});
  if (!told) co_return std::unexpected(told.error());
  co_return Result<void>{};
}

}  // namespace sluice::pipeline
