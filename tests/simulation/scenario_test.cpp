#include "scenario.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "published.hpp"
#include "sluice/orders/mapping.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/records/reader.hpp"

namespace sluice::simulation {
namespace {

constexpr std::uint64_t kSeeds = 300;

TEST(Scenario, TheSameSeedPlansTheSameWorld) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Scenario one = plan(seed);
    const Scenario two = plan(seed);
    ASSERT_EQ(one.files.size(), two.files.size());
    for (std::size_t i = 0; i < one.files.size(); ++i) EXPECT_EQ(one.files[i].content, two.files[i].content);
    EXPECT_EQ(one.clears_at, two.clears_at);
    EXPECT_EQ(one.crashes.size(), two.crashes.size());
    EXPECT_EQ(one.deeds.size(), two.deeds.size());
  }
}

/// What the local checks make of a file's rows: the wire form, or nothing.
std::vector<std::optional<std::string>> judge(const FilePlan& file, WallTime now) {
  const auto format = records::sniff(file.content, true, text::Encoding::utf8, {.wrappers = orders::wrappers()});
  records::Reader reader(*format);
  reader.feed(file.content, true);
  std::vector<std::optional<std::string>> wires;
  records::Record record;
  while (reader.next(record) == records::Reader::Step::record) {
    const auto mapping = record.names.empty() ? orders::map_columns(format->header, records::kResultColumns)
                                              : orders::map_keys(file.service, record.names, text::Lang::en);
    std::vector<orders::Value> values;
    for (const auto& cell : record.cells) values.push_back({cell.text, orders::ValueKind(cell.kind)});
    const auto judged = mapping ? orders::judge(*mapping, values, {.now = now, .damaged = nullptr})
                                : std::unexpected(orders::Faults{mapping.error()});
    wires.emplace_back();
    if (!judged) continue;
    wires.back().emplace();
    const auto fields = orders::service(file.service).fields;
    for (const auto name : wire_fields(file.service)) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name) *wires.back() += judged->order.value(i).value_or("");
      }
      *wires.back() += '|';
    }
  }
  return wires;
}

TEST(Scenario, MeansWhatTheLocalChecksFind) {
  std::size_t good = 0;
  std::size_t bad = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Scenario scenario = plan(seed);
    for (const auto& file : scenario.files) {
      if (file.broken) continue;
      const auto wires = judge(file, scenario.starts);
      ASSERT_EQ(wires.size(), file.rows.size()) << "seed " << seed;
      for (std::size_t i = 0; i < wires.size(); ++i) {
        EXPECT_EQ(file.rows[i].invalid, !wires[i]) << "seed " << seed << ", row " << i + 1 << "\n" << file.content;
        if (wires[i]) EXPECT_EQ(*wires[i], file.rows[i].wire) << "seed " << seed;
        ++(wires[i] ? good : bad);
      }
    }
  }
  EXPECT_GT(good, 1000);
  EXPECT_GT(bad, 50);
}

TEST(Scenario, ItsOwnFilesReadAsManyRowsAsPlanned) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    for (const auto& file : plan(seed).files) {
      if (file.broken) continue;
      const auto rows = read_rows(file.content);
      ASSERT_TRUE(rows) << rows.error();
      EXPECT_EQ(rows->size(), file.rows.size());
    }
  }
}

}  // namespace
}  // namespace sluice::simulation
