// The csv-spectrum suite (Max Ogden, github.com/max-mapper/csv-spectrum, MIT): each file beside what it holds, as JSON.
#include <boost/json.hpp>

#include <fstream>
#include <iterator>

#include "reading.hpp"

namespace sluice::records {
namespace {

namespace json = boost::json;

std::string contents(const std::string& path) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR "/tests/records/csv-spectrum/") + path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

class CsvSpectrum : public testing::TestWithParam<std::string> {};

TEST_P(CsvSpectrum, HoldsWhatItsJsonSays) {
  const std::string csv = contents("csvs/" + GetParam() + ".csv");
  const json::value expected = json::parse(contents("json/" + GetParam() + ".json"));
  const ReadFile read = read_file(csv);
  json::array rows;
  for (const Record& record : read.records) {
    json::object& row = rows.emplace_back(json::object()).as_object();
    for (std::size_t i = 0; i < record.cells.size(); ++i) row[read.format.header.at(i)] = record.cells[i].text;
  }
  EXPECT_EQ(rows, expected) << read.said() << '\n' << json::serialize(rows);
}

TEST_P(CsvSpectrum, KeepsItsBytesInTheResults) {
  const std::string csv = contents("csvs/" + GetParam() + ".csv");
  const ReadFile before = read_file(csv);
  const ReadFile after = read_file(results_of(csv));
  ASSERT_EQ(after.records.size(), before.records.size()) << after.said();
  for (std::size_t i = 0; i < before.records.size(); ++i) {
    Texts cells = texts(after.records[i]);
    cells.resize(before.records[i].cells.size());
    EXPECT_EQ(cells, texts(before.records[i]));
  }
}

INSTANTIATE_TEST_SUITE_P(All, CsvSpectrum,
                         testing::Values("comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
                                         "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace sluice::records
