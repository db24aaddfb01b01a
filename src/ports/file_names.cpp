#include "sluice/ports/file_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::ports {
namespace {

constexpr std::size_t kNameMax = 255;  ///< bytes of one name, on every file system that matters (limits.h, NAME_MAX)

/// The widest middle a derived name can have; NAME is cut for it, so that all names of a job begin alike.
constexpr std::string_view kWidestWithExtension = ".in-doubt";
constexpr std::string_view kWidestFixed = ".progress.txt";

constexpr std::array<std::string_view, 4> kKindNames = {".results", ".failures", ".in-doubt", ".summary.json"};

// docs/contract.md, The spool.
constexpr std::string_view kLeftAlonePrefixes[] = {".", "~$", "#"};
constexpr std::string_view kLeftAloneSuffixes[] = {"~",           ".tmp",      ".part",        ".partial", ".filepart",
                                                   ".crdownload", ".download", ".downloading", ".bak",     ".swp"};
constexpr std::string_view kLeftAloneParts[] = {".sync-conflict-"};
constexpr std::string_view kLeftAloneNames[] = {"Thumbs.db", "desktop.ini"};

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Bytes of the UTF-8 character that begins with `lead`; 1 for anything else.
std::size_t length_by_lead(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xF0U) return 4;
  if (byte >= 0xE0U) return 3;
  return byte >= 0xC0U ? 2 : 1;
}

std::string_view cut(std::string_view name, std::size_t limit) {
  if (name.size() <= limit) return name;
  std::size_t lead = limit;
  while (lead > 0 && limit - lead < 3 && continues(name[lead])) --lead;
  const bool splits = lead < limit && lead + length_by_lead(name[lead]) > limit;
  return name.substr(0, splits ? lead : limit);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool ends_in(std::string_view name, std::string_view suffix) {
  if (name.size() < suffix.size()) return false;
  return std::ranges::equal(name.substr(name.size() - suffix.size()), suffix, {}, lower);
}

/// NAME and EXT as they stand in derived names.
struct Cut {
  std::string_view stem;
  std::string_view extension;
};

Cut fitted(const DroppedName& name, std::size_t job_bytes) {
  const std::size_t room = kNameMax - 1 - job_bytes;  // the dot before JOB
  // An extension that leaves no room for a NAME is cut too; 4 bytes of NAME always stay (one character).
  const auto extension = cut(name.extension, room - kWidestWithExtension.size() - 4);
  const auto widest = std::max(kWidestWithExtension.size() + extension.size(), kWidestFixed.size());
  return {cut(name.stem, room - widest), extension};
}

std::string derived(std::string_view dropped, JobId job, std::string_view middle, bool with_extension) {
  const auto name = split_name(dropped);
  const auto id = to_string(job);
  const auto [stem, extension] = fitted(name, id.size());
  auto whole = fmt::format("{}.{}{}{}", stem, id, middle, with_extension ? extension : std::string_view{});
  // No folder gives such a name; a ledger that somebody meddled with might, and it must not lead out of the spool.
  std::ranges::replace(whole, '/', '_');
  return whole;
}

}  // namespace

DroppedName split_name(std::string_view dropped) {
  const auto dot = dropped.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == dropped.size()) return {std::string(dropped), {}};
  return {std::string(dropped.substr(0, dot)), std::string(dropped.substr(dot))};
}

std::string output_name(std::string_view dropped, JobId job, OutputKind kind) {
  return derived(dropped, job, kKindNames[static_cast<std::size_t>(kind)], kind != OutputKind::summary);
}

std::optional<OutputOf> read_output_name(std::string_view name, OutputKind kind) {
  const auto [before, extension] = kind == OutputKind::summary ? DroppedName{std::string(name), {}} : split_name(name);
  const auto middle = kKindNames[static_cast<std::size_t>(kind)];
  // Without an extension, what stands after the last dot is the kind itself.
  const bool has_extension = before.ends_with(middle);
  std::string_view stem = has_extension ? std::string_view(before) : name;
  if (!stem.ends_with(middle)) return std::nullopt;
  stem.remove_suffix(middle.size());
  const auto dot = stem.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const auto job = parse_job_id(stem.substr(dot + 1));
  if (!job) return std::nullopt;
  return OutputOf{std::string(stem.substr(0, dot)) + (has_extension ? extension : ""), *job};
}

std::string progress_name(std::string_view dropped, JobId job) {
  return derived(dropped, job, ".progress.txt", false);
}

std::string archived_name(std::string_view dropped, JobId job) {
  return derived(dropped, job, "", true);
}

std::string reason_name(std::string_view dropped, JobId job) {
  return derived(dropped, job, ".reason.txt", false);
}

bool left_alone(std::string_view name) {
  return std::ranges::any_of(kLeftAlonePrefixes, [&](auto prefix) { return name.starts_with(prefix); }) ||
         std::ranges::any_of(kLeftAloneSuffixes, [&](auto suffix) { return ends_in(name, suffix); }) ||
         std::ranges::any_of(kLeftAloneParts, [&](auto part) { return name.contains(part); }) ||
         std::ranges::any_of(kLeftAloneNames, [&](auto whole) { return name == whole; });
}

}  // namespace sluice::ports
