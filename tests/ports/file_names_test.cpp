#include "sluice/ports/file_names.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::ports {
namespace {

constexpr JobId kJob{20240118, 7};

std::vector<std::string> every_name(std::string_view dropped, JobId job) {
  return {output_name(dropped, job, OutputKind::results),
          output_name(dropped, job, OutputKind::failures),
          output_name(dropped, job, OutputKind::in_doubt),
          output_name(dropped, job, OutputKind::summary),
          progress_name(dropped, job),
          archived_name(dropped, job),
          reason_name(dropped, job)};
}

TEST(FileNames, ACsvGetsTheNamesOfTheContract) {
  const std::vector<std::string> expected = {"jan.20240118-7.results.csv",  "jan.20240118-7.failures.csv",
                                             "jan.20240118-7.in-doubt.csv", "jan.20240118-7.summary.json",
                                             "jan.20240118-7.progress.txt", "jan.20240118-7.csv",
                                             "jan.20240118-7.reason.txt"};
  EXPECT_EQ(every_name("jan.csv", kJob), expected);
}

TEST(FileNames, WithoutAnExtensionThereIsNoDot) {
  EXPECT_EQ(output_name("orders", kJob, OutputKind::results), "orders.20240118-7.results");
  EXPECT_EQ(archived_name("orders", kJob), "orders.20240118-7");
}

TEST(FileNames, OnlyTheLastExtensionCounts) {
  EXPECT_EQ(archived_name("a.b.csv", kJob), "a.b.20240118-7.csv");
  EXPECT_EQ(archived_name("jan.20240118-3.failures.csv", kJob), "jan.20240118-3.failures.20240118-7.csv");
}

TEST(FileNames, AnOnlyDotInFrontAndADotAtTheEndAreNoExtension) {
  EXPECT_EQ(split_name(".csv").stem, ".csv");
  EXPECT_EQ(split_name(".csv").extension, "");
  EXPECT_EQ(split_name("orders.").stem, "orders.");
  EXPECT_EQ(split_name("orders.").extension, "");
}

TEST(FileNames, EveryNameFitsAndBeginsAlike) {
  const JobId longest{20991231, 18'446'744'073'709'551'615U};
  for (const std::string& dropped :
       {std::string(251, 'x') + ".csv", std::string(255, 'x'), "a." + std::string(253, 'e'), std::string("a.b")}) {
    const auto names = every_name(dropped, longest);
    const auto stem = names[0].substr(0, names[0].find("." + to_string(longest)));
    EXPECT_FALSE(stem.empty());
    for (const auto& name : names) {
      EXPECT_LE(name.size(), 255U) << name;
      EXPECT_TRUE(name.starts_with(stem + "." + to_string(longest))) << name;
    }
  }
}

TEST(FileNames, TheRoomIsUsedToTheLastByte) {
  EXPECT_EQ(output_name(std::string(251, 'x') + ".csv", kJob, OutputKind::in_doubt).size(), 255U);
  EXPECT_EQ(progress_name(std::string(255, 'x'), kJob).size(), 255U);
}

TEST(FileNames, AUtf8NameIsCutBetweenCharacters) {
  for (std::size_t lead = 0; lead < 3; ++lead) {
    std::string dropped(lead, 'a');
    while (dropped.size() + 3 <= 251) dropped += "单";
    const auto name = archived_name(dropped + ".csv", kJob);
    const auto stem = name.substr(0, name.find(".20240118"));
    EXPECT_EQ((stem.size() - lead) % 3, 0U) << stem;
    EXPECT_GT(stem.size(), 220U);
  }
}

TEST(FileNames, BytesThatAreNoUtf8AreKeptAndCutAnywhere) {
  EXPECT_EQ(archived_name("\xC1\xAA.csv", kJob), "\xC1\xAA.20240118-7.csv");
  const auto name = archived_name(std::string(255, '\x80'), kJob);
  EXPECT_LE(name.size(), 255U);
  EXPECT_GT(name.size(), 235U);
}

TEST(FileNames, ASlashLeadsNowhere) {
  EXPECT_EQ(archived_name("../../escaped.csv", kJob), ".._.._escaped.20240118-7.csv");
  for (const auto& name : every_name("../a./b.c/d", kJob)) EXPECT_EQ(name.find('/'), std::string::npos) << name;
}

TEST(FileNames, NamesOfTransferProgramsAndOfficeAreLeftAlone) {
  for (const auto* name :
       {".hidden", ".", "~$orders.xlsx", "a.csv.tmp", "a.part", "a.csv.partial", "a.filepart", "a.csv.crdownload",
        "A.CSV.TMP", ".tmp", "#a.csv#", "a.csv~", "a.csv.download", "a.csv.downloading", "a.csv.bak", "a.csv.swp",
        "a.sync-conflict-20261126-120000-ABCDEFG.csv", "Thumbs.db", "desktop.ini"}) {
    EXPECT_TRUE(left_alone(name)) << name;
  }
  for (const auto* name : {"a.csv", "tmp", "a.tmp.csv", "~orders.csv", "part", "$a", "a.parts", "a#.csv",
                           "Thumbs.db.csv", "sync-conflict.csv"}) {
    EXPECT_FALSE(left_alone(name)) << name;
  }
}

TEST(FileNames, AnOutputsNameTellsWhatItWasMadeOf) {
  for (const auto* dropped : {"a.csv", "a", "a.b.csv", "a b.20240117-3.in-doubt.csv", "\xe8\xae\xa2\n.txt"}) {
    for (const auto kind : {OutputKind::results, OutputKind::in_doubt, OutputKind::failures}) {
      const auto made_of = read_output_name(output_name(dropped, kJob, kind), kind);
      ASSERT_TRUE(made_of) << dropped;
      EXPECT_EQ(made_of->dropped, dropped);
      EXPECT_EQ(made_of->job, kJob);
    }
  }
}

TEST(FileNames, WhatIsNoOutputOfThatKindTellsNothing) {
  for (const auto* name : {"", "a", "a.in-doubt.csv", ".20240118-7.in-doubt.csv", "a.20240118-0.in-doubt.csv",
                           "a.20240118-7.results.csv", "a.20240118-7.in-doubt.b.csv", "20240118-7.in-doubt"}) {
    EXPECT_FALSE(read_output_name(name, OutputKind::in_doubt)) << name;
  }
}

}  // namespace
}  // namespace sluice::ports
