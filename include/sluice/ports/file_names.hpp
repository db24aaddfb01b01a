#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/ids.hpp"

namespace sluice::ports {

/// What a job leaves behind. The only file that spells these names (docs/contract.md, The spool).
enum class OutputKind : std::uint8_t { results, failures, in_doubt, summary };
/// As they are published: the summary last.
inline constexpr std::array kEveryOutput = {OutputKind::results, OutputKind::failures, OutputKind::in_doubt,
                                            OutputKind::summary};

/// NAME and EXT of a dropped file: its name without its last extension, and that extension (no dot: empty). A name that
/// begins with its only dot has no extension.
struct DroppedName {
  std::string stem;
  std::string extension;  ///< with its dot, or empty
};
DroppedName split_name(std::string_view dropped);

/// outbox/NAME.JOB.results.EXT and so on; NAME is cut (at a UTF-8 character where it is UTF-8) so that every name
/// derived from it fits 255 bytes.
std::string output_name(std::string_view dropped, JobId job, OutputKind kind);
/// What output_name() made this name of (the dropped name perhaps cut). nullopt: it is of no such kind.
struct OutputOf {
  std::string dropped;
  JobId job;
};
std::optional<OutputOf> read_output_name(std::string_view name, OutputKind kind);
std::string progress_name(std::string_view dropped, JobId job);
std::string archived_name(std::string_view dropped, JobId job);  ///< also the name in rejected/
std::string reason_name(std::string_view dropped, JobId job);

/// Names that are left alone in the inbox: hidden, office lock files, temporary names of transfer programs, backups of
/// editors, conflicts of synchronising ones.
bool left_alone(std::string_view name);

}  // namespace sluice::ports
