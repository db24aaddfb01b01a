// What must hold of any sound file, tried on files made from seeds.
#include <random>

#include "reading.hpp"

namespace sluice::records {
namespace {

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  std::string file() { return one_in(2) ? csv() : json(); }
  text::Encoding encoding() { return text::kEncodings[below(4)]; }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::string pick(std::initializer_list<const char*> from) { return *(from.begin() + below(from.size())); }

  std::string csv_cell(char delimiter) {
    std::string text;
    for (std::size_t n = below(5); n > 0; --n) {
      text += pick({"1", "联通", "漒", "😀", " ", "x", "\"", "=", "é", ",", ";", "\t", "\n", "\r\n"});
    }
    const bool needs = text.find_first_of(std::string("\"\r\n") + delimiter) != text.npos;
    if (!needs && !one_in(4)) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
  }

  std::string csv() {
    const char delimiter = ",;\t"[below(3)];
    const std::string newline = pick({"\n", "\r\n", "\r"});
    const std::size_t columns = 2 + below(4);
    std::string out = one_in(4) ? "sep=" + std::string(1, delimiter) + newline : one_in(4) ? newline : "";
    for (std::size_t i = 0; i < columns; ++i) {
      if (i > 0) out += delimiter;
      out += i > 0 && one_in(6) ? std::string(kResultColumns[i]) : "列" + std::to_string(i);
    }
    for (std::size_t rows = 1 + below(6); rows > 0; --rows) {
      out += newline + "k" + std::to_string(rows);
      for (std::size_t i = 1; i < columns + below(3) && !one_in(9); ++i) out += delimiter + csv_cell(delimiter);
      if (one_in(5)) out += newline + std::string(below(columns), delimiter);
    }
    return one_in(3) ? out : out + newline;
  }

  std::string space() { return pick({"", "", " ", "\n", "\r\n\t"}); }

  std::string value(int depth = 0) {
    if (depth > 2 || !one_in(4)) {
      return pick({"1", "-0.5e+9", "true", "null", "\"\"", "\"漒弡\"", "\"\\ud83d\\ude00}\"", "\"]\\\"\"",
                   "17872308245801546"});
    }
    if (one_in(2)) return "[" + space() + value(depth + 1) + "," + value(depth + 1) + "]";
    return object(depth + 1);
  }

  std::string object(int depth = 0) {
    std::string out = "{" + space();
    const std::size_t members = below(5);
    for (std::size_t i = 0; i < members; ++i) {
      if (i > 0) out += space() + "," + space();
      out += pick({"\"uid\"", "\"result\"", "\"昵称\"", "\"r\\u0065sult\"", "\"\""}) + space() + ":" + space() +
             value(depth);
    }
    return out + space() + "}";
  }

  std::string json() {
    const std::size_t shape = below(3);
    std::string out = space();
    if (shape == 1) out += "{\"n\":" + value() + ",\"packOrder\":";
    if (shape != 2) out += "[" + space();
    const std::size_t orders = 1 + below(5);
    for (std::size_t i = 0; i < orders; ++i) {
      if (i > 0) out += shape == 2 ? pick({"\n", "\r\n", "\n\n"}) : space() + "," + space();
      out += object();
    }
    if (shape != 2) out += space() + "]";
    if (shape == 1) out += space() + ",\"z\":" + value() + "}";
    return out + space();
  }

  std::mt19937_64 random_;
};

/// A file of ours without its result columns, as orders see it: names and cells.
std::vector<std::vector<std::pair<std::string, std::string>>> orders_of(const ReadFile& read) {
  std::vector<std::vector<std::pair<std::string, std::string>>> out;
  for (const Record& record : read.records) {
    auto& order = out.emplace_back();
    const auto& names = read.format.shape == Shape::delimited ? read.format.header : record.names;
    for (std::size_t i = 0; i < std::min(names.size(), record.cells.size()); ++i) {
      const bool ours = names[i] == "result" || std::ranges::find(kResultColumns, names[i]) != kResultColumns.end();
      if (!ours) order.emplace_back(names[i], record.cells[i].text);
    }
  }
  return out;
}

class Properties : public testing::TestWithParam<int> {
 protected:
  static constexpr std::uint64_t kFiles = 300;

  /// Calls `check` with files of this seed's range, each in some encoding.
  template <class Check>
  void each_file(Check check) {
    for (std::uint64_t i = 0; i < kFiles; ++i) {
      const std::uint64_t seed = static_cast<std::uint64_t>(GetParam()) * kFiles + i;
      Maker maker(seed);
      const std::string utf8 = maker.file();
      const text::Encoding encoding = maker.encoding();
      const std::string file = text::encode(encoding, (encoding == text::Encoding::gb18030 ? "" : "\uFEFF") + utf8);
      const ReadFile read = read_as(file, encoding, file.size());
      if (read.says(text::Word::quote_swallows_rows)) continue;  // a value whose lines look like rows
      ASSERT_FALSE(read.fault) << "seed " << seed << ": " << read.said() << '\n' << utf8;
      check(file, read, encoding);
      if (HasFatalFailure()) FAIL() << "seed " << seed << '\n' << utf8;
    }
  }
};

void expect_same(const ReadFile& a, const ReadFile& b) {
  ASSERT_EQ(a.fault.has_value(), b.fault.has_value()) << a.said() << b.said();
  ASSERT_EQ(a.records.size(), b.records.size());
  for (std::size_t i = 0; i < a.records.size(); ++i) {
    ASSERT_EQ(a.records[i].ref, b.records[i].ref);
    ASSERT_EQ(a.records[i].line, b.records[i].line);
    ASSERT_EQ(a.records[i].names, b.records[i].names);
    ASSERT_EQ(texts(a.records[i]), texts(b.records[i]));
  }
}

TEST_P(Properties, ChunksOfAnySizeGiveTheSameRecords) {
  each_file([](const std::string& file, const ReadFile& read, text::Encoding encoding) {
    for (std::size_t chunk = 1; chunk <= std::min<std::size_t>(file.size(), 40); ++chunk) {
      expect_same(read, read_as(file, encoding, chunk));
    }
  });
}

TEST_P(Properties, EveryRecordCanBeReadAgain) {
  each_file([](const std::string& file, const ReadFile& read, text::Encoding) {
    for (const Record& record : read.records) {
      const auto again = read_again(read.format, raw_of(file, record));
      ASSERT_TRUE(again);
      ASSERT_EQ(again->names, record.names);
      ASSERT_EQ(texts(*again), texts(record));
    }
  });
}

TEST_P(Properties, ResultsHoldTheSameOrdersAndComeOutTheSameWhenDroppedInAgain) {
  each_file([](const std::string& file, const ReadFile& read, text::Encoding encoding) {
    const auto all = [](const Record&) { return true; };
    const std::string once = write_file(file, read, true, all, accepted);
    const ReadFile again = read_as(once, encoding, once.size());
    ASSERT_FALSE(again.fault) << again.said() << '\n' << once;
    ASSERT_EQ(orders_of(again), orders_of(read));
    // What was cut may have held line breaks, so only from the second time on are the rows' lines the same.
    const std::string twice = write_file(once, again, true, all, accepted);
    ASSERT_EQ(write_file(twice, read_as(twice, encoding, twice.size()), true, all, accepted), twice);
  });
}

TEST_P(Properties, ASubsetHoldsTheChosenOrders) {
  each_file([](const std::string& file, const ReadFile& read, text::Encoding encoding) {
    const auto odd = [](const Record& record) { return record.ref.row % 2 == 1; };
    const std::string out = write_file(file, read, false, odd, accepted);
    const ReadFile again = read_as(out, encoding, out.size());
    ASSERT_FALSE(again.fault) << again.said() << '\n' << out;
    auto expected = orders_of(read);
    std::size_t row = 0;
    std::erase_if(expected, [&](const auto&) { return ++row % 2 == 0; });
    ASSERT_EQ(orders_of(again), expected) << out;
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, Properties, testing::Range(0, 4));

}  // namespace
}  // namespace sluice::records
