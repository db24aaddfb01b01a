// Our CSV reader against an independent one: Python's csv module, strict, on files made from seeds.
#include <boost/json.hpp>

#include <cstdlib>
#include <fstream>
#include <random>

#include "adapters/temp_folder.hpp"
#include "reading.hpp"

namespace sluice::records {
namespace {

namespace json = boost::json;

constexpr int kFiles = 4000;

/// Each file's rows as a line of JSON, or null where Python calls it broken.
constexpr const char* kJudge = R"(
import csv, json, os, sys
folder = sys.argv[1]
for i in range(int(sys.argv[2])):
    try:
        with open(os.path.join(folder, f"{i}.csv"), encoding="utf-8", newline="") as f:
            print(json.dumps(list(csv.reader(f, strict=True, skipinitialspace=True))))
    except csv.Error:
        print("null")
)";

std::string made(std::uint64_t seed) {
  static constexpr std::array kPieces = {"a",  "1",  "联",   " ",  ",",    ",", ",",
                                         "\"", "\"", "\"\"", "\n", "\r\n", "=", "x,\"y\"\n"};
  std::mt19937_64 random(seed);
  std::string out = "c0,c1,c2\n";
  for (std::size_t n = 1 + random() % 25; n > 0; --n) out += kPieces[random() % kPieces.size()];
  return out;
}

/// Python's skipinitialspace takes blanks from cells without quotes, too.
std::string without_lead(const std::string& cell) {
  return cell.substr(std::min(cell.find_first_not_of(' '), cell.size()));
}

/// Rows as they are to be compared: no blank ones, and no blank cells beyond the header.
std::vector<Texts> normal(const json::array& rows) {
  std::vector<Texts> out;
  for (const json::value& row : rows) {
    Texts cells;
    for (const json::value& cell : row.as_array()) cells.emplace_back(without_lead(std::string(cell.as_string())));
    const auto blank = [](const std::string& cell) { return cell.find_first_not_of(" \t\r\n") == cell.npos; };
    if (std::ranges::all_of(cells, blank)) continue;
    while (cells.size() > 3 && blank(cells.back())) cells.pop_back();
    cells.resize(std::max<std::size_t>(cells.size(), 3));
    out.push_back(std::move(cells));
  }
  return out;
}

TEST(CsvAgainstPython, ReadsWhatItsStrictReaderReads) {
  if (std::system("python3 -c 'import csv' 2>/dev/null") != 0) GTEST_SKIP() << "no python3 here";
  const adapters::TempFolder folder;
  std::ofstream(folder.path() / "judge.py") << kJudge;
  for (int i = 0; i < kFiles; ++i) {
    std::ofstream(folder.path() / (std::to_string(i) + ".csv"), std::ios::binary)
        << made(static_cast<std::uint64_t>(i));
  }
  const std::string run =
      "cd '" + folder.path().string() + "' && python3 judge.py . " + std::to_string(kFiles) + " > out";
  ASSERT_EQ(std::system(run.c_str()), 0);
  std::ifstream verdicts(folder.path() / "out");
  int read_by_both = 0;
  int broken = 0;
  for (int i = 0; i < kFiles; ++i) {
    std::string line;
    ASSERT_TRUE(std::getline(verdicts, line));
    const std::string file = made(static_cast<std::uint64_t>(i));
    const ReadFile ours = read_file(file);
    if (line == "null") {  // an open quote, or text behind a closing one: we refuse the first and read the second
      ++broken;
      continue;
    }
    std::vector<Texts> theirs = normal(json::parse(line).as_array());
    theirs.erase(theirs.begin());  // the header
    std::vector<Texts> rows;
    if (ours.says(text::Word::quote_swallows_rows)) continue;  // which Python doesn't look for
    for (const Record& record : ours.records) {
      rows.push_back(texts(record));
      std::ranges::transform(rows.back(), rows.back().begin(), without_lead);
    }
    ASSERT_EQ(rows, theirs) << "seed " << i << ": " << ours.said() << '\n' << file;
    ASSERT_EQ(ours.fault.has_value(), theirs.empty()) << "seed " << i << ": " << ours.said();
    ++read_by_both;
  }
  EXPECT_GT(read_by_both, kFiles / 4);
  EXPECT_GT(broken, kFiles / 10);
}

}  // namespace
}  // namespace sluice::records
