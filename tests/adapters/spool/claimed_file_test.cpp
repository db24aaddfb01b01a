#include <gmock/gmock.h>

#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using records::RowRef;
using SpoolClaimedFile = SpoolTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(SpoolClaimedFile, ReadsAtAnyOffsetAndLessAtTheEnd) {
  open();
  put_whole("a.csv", "0123456789");
  const auto file = claim(kJob);
  EXPECT_EQ(value(file->read_at(3, 4)), "3456");
  EXPECT_EQ(value(file->read_at(8, 100)), "89");
  EXPECT_EQ(value(file->read_at(10, 100)), "");
  EXPECT_EQ(value(file->read_at(1'000'000, 1)), "");
}

TEST_F(SpoolClaimedFile, ContentHashIsSha256InHex) {
  open();
  put_whole("a.csv", "abc");
  // FIPS 180-2, appendix B.1
  EXPECT_EQ(value(claim(kJob)->content_hash()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(SpoolClaimedFile, ContentHashCoversALongFile) {
  open();
  put_whole("a.csv", std::string(1'000'000, 'a'));
  // FIPS 180-2, appendix B.3
  EXPECT_EQ(value(claim(kJob)->content_hash()), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(SpoolClaimedFile, AskedAgainTheContentHashIsOfTheBytesThatAreThereNow) {
  open();
  put_whole("a.csv", std::string(1'000'000, 'a'));
  const auto file = claim(kJob);
  const auto first = value(file->content_hash());
  EXPECT_EQ(value(file->content_hash()), first);
  Writer(state("20240118-7.claimed"), O_WRONLY).write("b");
  const auto second = value(file->content_hash());
  EXPECT_NE(second, first);
  EXPECT_EQ(value(file->content_hash()), second);
  Writer(state("20240118-7.claimed"), O_WRONLY).write("a");
  EXPECT_EQ(value(file->content_hash()), first);
}

TEST_F(SpoolClaimedFile, RowsComeInTheOrderAskedForNearOrFar) {
  open();
  std::string bytes(3'000'000, '.');
  const std::vector<RowRef> rows = {{1, 0, 5}, {2, 6, 5}, {3, 4'000, 3}, {4, 2'999'995, 5}, {9, 100, 0}, {8, 50, 4}};
  std::string expected;
  for (const auto& row : rows) {
    const std::string text(row.length, static_cast<char>('0' + row.row));
    bytes.replace(row.offset, row.length, text);
    expected += text;
  }
  put_whole("a.csv", bytes);
  const auto file = claim(kJob);
  EXPECT_EQ(value(file->read_rows(rows, value(file->identity()))), expected);
  EXPECT_THAT(value(file->read_rows({}, value(file->identity()))), IsEmpty());
}

TEST_F(SpoolClaimedFile, ARowLongerThanAnyChunkIsReadWhole) {
  open();
  const std::string bytes(5'000'000, 'x');
  put_whole("a.csv", bytes);
  const auto file = claim(kJob);
  EXPECT_EQ(value(file->read_rows({{1, 0, 5'000'000}}, value(file->identity()))), bytes);
}

TEST_F(SpoolClaimedFile, WrittenAfterTheSurveyItIsNotSent) {
  open();
  put_whole("a.csv", "uid\n1\n");
  const auto file = claim(kJob);
  const auto surveyed = value(file->identity());
  Writer(state("20240118-7.claimed"), O_WRONLY).write("UID");
  EXPECT_EQ(kind(file->read_rows({{1, 4, 1}}, surveyed)), ErrorKind::changed);
}

TEST_F(SpoolClaimedFile, ReplacedInStateItIsChanged) {
  open();
  put_whole("a.csv", "uid\n1\n");
  const auto file = claim(kJob);
  const auto surveyed = value(file->identity());
  std::filesystem::rename(state("20240118-7.claimed"), base / "aside");
  EXPECT_EQ(kind(file->identity()), ErrorKind::changed);
  put(state("20240118-7.claimed"), "uid\n1\n");
  EXPECT_EQ(kind(file->read_rows({{1, 4, 1}}, surveyed)), ErrorKind::changed);
  EXPECT_THAT(words, HasSubstr("20240118-7.claimed"));
}

TEST_F(SpoolClaimedFile, RowsBeyondItsEndAreNoRows) {
  open();
  put_whole("a.csv", "uid\n1\n");
  const auto file = claim(kJob);
  const auto surveyed = value(file->identity());
  EXPECT_EQ(kind(file->read_rows({{1, 4, 100}}, surveyed)), ErrorKind::changed);
  EXPECT_EQ(kind(file->read_rows({{1, ~std::uint64_t{0}, 2}}, surveyed)), ErrorKind::changed);
}

TEST_F(SpoolClaimedFile, OfAJobThatHasNoneIsMissing) {
  open();
  EXPECT_EQ(kind(spool->read(kJob)), ErrorKind::missing);
}

}  // namespace
}  // namespace sluice::adapters::spool
