#include "sluice/pipeline/survey.hpp"

#include <algorithm>
#include <utility>

#include "survey_pass.hpp"

namespace sluice::pipeline {

namespace {

using ports::Task;

constexpr std::size_t kSurelyUtf8 = 3;  // Chinese characters that read as UTF-8: of 400,000 files in GBK none had three
constexpr std::size_t kFirstLook = 4096;  // bytes: where a file has Chinese characters, these have some

bool is_surely_utf8(std::string_view head) {
  return text::chinese_before_fault(head.substr(0, kFirstLook)) >= kSurelyUtf8 ||
         text::chinese_before_fault(head) >= kSurelyUtf8;
}

}  // namespace

void take_survey(const Surveyed& surveyed, ports::JobHeader& header) {
  header.file = surveyed.file;
  header.service = surveyed.service;
  header.format = records::to_ledger(surveyed.format);
  header.names = surveyed.names;
  header.ascii = surveyed.ascii;
  header.lang = surveyed.lang;
  header.rows = surveyed.rows;
}

Task<Result<std::variant<Surveyed, Rejected>>> survey(ports::ClaimedFile& file, WallTime judged_at,
                                                      std::vector<ports::Doubt> doubts, SurveySink& sink,
                                                      ports::Clock& clock, SurveyLimits limits) {
  using Verdict = std::variant<Surveyed, Rejected>;
  const Doubts in_doubt(std::move(doubts));
  auto head = co_await file.read_at(0, records::kSniffBytes);
  if (!head) co_return std::unexpected(head.error());
  const bool whole = head->size() < records::kSniffBytes;
  const auto bom = text::detect_bom(*head);
  std::vector<text::Encoding> encodings = {text::Encoding::utf8, text::Encoding::gb18030};
  if (bom) encodings = {bom->encoding};
  if (!bom && is_surely_utf8(*head)) encodings = {text::Encoding::utf8};
  std::string reason;  // of the encoding that got furthest
  std::uint64_t furthest = 0;
  for (const auto encoding : encodings) {
    Found found;
    while (true) {
      SurveyPass pass(file, judged_at, in_doubt, sink, clock, limits, found);
      auto result = co_await pass.run(*head, whole, encoding, !bom && encoding != text::Encoding::utf8);
      if (result) co_return Verdict{std::move(*result)};
      auto& end = result.error();
      if (end.why == PassEnd::Why::error) co_return std::unexpected(std::move(end.error));
      if (end.why == PassEnd::Why::rejected) co_return Verdict{Rejected{std::move(end.reason)}};
      if (end.why == PassEnd::Why::undecodable) {
        if (reason.empty() || end.offset > furthest) reason = std::move(end.reason);
        furthest = std::max(furthest, end.offset);
        break;
      }
      if (end.why == PassEnd::Why::other_service) found.service = end.service;
      if (end.why == PassEnd::Why::ragged) found.ragged = true;
      if (end.why == PassEnd::Why::damaged) found.damaged = std::move(end.columns);
    }
  }
  co_return Verdict{Rejected{std::move(reason)}};
}

}  // namespace sluice::pipeline
