#pragma once

#include <string>
#include <string_view>

#include "sluice/base/ids.hpp"

namespace sluice::text {

/// A message of the log with what it is about, for whoever searches the log by that: the job, and where there is one
/// the request. Unlike an id among the words, which may come out of a file's name, it can be relied upon: it stands in
/// front of them between control characters, which shown() lets through from nobody else.
std::string about(JobId job, std::string_view words);
std::string about(JobId job, std::string_view request, std::string_view words);

/// The parts of a message; those that it doesn't have are empty. They point into it.
struct LogMessage {
  std::string_view job;
  std::string_view request;
  std::string_view words;
};
LogMessage parts_of(std::string_view message);

}  // namespace sluice::text
