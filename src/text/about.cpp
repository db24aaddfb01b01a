#include "sluice/text/about.hpp"

namespace sluice::text {

namespace {

constexpr char kMark = '\x1f';

std::string_view take(std::string_view& rest) {
  const auto end = rest.find(kMark);
  const auto part = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return part;
}

}  // namespace

std::string about(JobId job, std::string_view words) {
  return about(job, "", words);
}

std::string about(JobId job, std::string_view request, std::string_view words) {
  std::string out;
  out += kMark;
  out += to_string(job);
  out += kMark;
  out += request;
  out += kMark;
  return out += words;
}

LogMessage parts_of(std::string_view message) {
  if (!message.starts_with(kMark)) return {.job = {}, .request = {}, .words = message};
  message.remove_prefix(1);
  const auto job = take(message);
  const auto request = take(message);
  return {.job = job, .request = request, .words = message};
}

}  // namespace sluice::text
