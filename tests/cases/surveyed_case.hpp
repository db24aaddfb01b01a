#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/fake_clock.hpp"
#include "pipeline/memory_file.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/pipeline/survey.hpp"

namespace sluice::pipeline {

/// Noon in UTC+8 of the day that the cases were made for.
inline constexpr WallTime kCaseNoon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 26} + std::chrono::hours(4);

/// What a survey says of a file: nothing but `rejected` (English), or of each row what would be sent or why not.
struct SurveyedCase {
  std::string rejected;
  std::map<std::uint64_t, std::map<std::string, std::string>> sent;  ///< by line, then by field
  std::map<std::uint64_t, std::string> unsent;                       ///< by line: the message
  std::vector<std::string> warnings;
  records::Format format;
};

class CaseSink final : public SurveySink {
 public:
  explicit CaseSink(SurveyedCase& out) : out_(out) {}
  ports::Task<Result<void>> begin(const records::Format&, const OrderReading&) override {
    out_ = {};
    co_return Result<void>{};
  }
  void valid(const records::RowRef&, std::uint64_t line, const orders::Judged& judged, const OrderHashes&) override {
    const auto fields = orders::service(judged.order.service()).fields;
    for (std::size_t f = 0; f < fields.size(); ++f)
      if (const auto value = judged.order.value(f)) out_.sent[line][std::string(fields[f].name)] = *value;
  }
  void settled(std::uint64_t line, const records::RowResult& result) override { out_.unsent[line] = result.message; }
  ports::Task<Result<void>> breathe() override { co_return Result<void>{}; }

 private:
  SurveyedCase& out_;
};

inline SurveyedCase surveyed_bytes(const std::string& bytes) {
  SurveyedCase out;
  CaseSink sink(out);
  MemoryFile file(bytes);
  FakeClock clock;
  const auto verdict = clock.run(survey(file, kCaseNoon, {}, sink, clock)).value();
  if (const auto* rejected = std::get_if<Rejected>(&verdict)) {
    out = {};
    out.rejected = rejected->reason.substr(0, rejected->reason.find('\n'));
  } else {
    const auto& surveyed = std::get<Surveyed>(verdict);
    out.format = surveyed.format;
    for (const auto& warning : surveyed.warnings) out.warnings.push_back(text::say(text::Lang::en, warning));
  }
  return out;
}

/// A file of this folder.
inline SurveyedCase surveyed_case(const std::string& name) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR "/tests/cases/") + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return surveyed_bytes({std::istreambuf_iterator<char>(file), {}});
}

}  // namespace sluice::pipeline
