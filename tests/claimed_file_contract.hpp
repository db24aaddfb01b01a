#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sluice/ports/spool.hpp"

namespace sluice {

/// What every ports::ClaimedFile must do, whatever is behind it:
///
///   INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, ClaimedFileContract, MemoryFileMaker);
///
/// where the maker is default-constructed for each test, and has
///   ports::ClaimedFile& file();                       // with the bytes kClaimedBytes
///   void change(std::string bytes);                   // somebody writes these in its place
///   template <class T> T wait(ports::Task<T> task);   // runs it to its end, on whatever executor
inline constexpr const char* kClaimedBytes = "header\nfirst row\nsecond\n";

template <class Maker>
class ClaimedFileContract : public testing::Test {
 protected:
  template <class T>
  Result<T> ask(ports::Task<Result<T>> task) {
    return maker_.wait(std::move(task));
  }
  ports::ClaimedFile& file() { return maker_.file(); }
  void change(std::string bytes) { maker_.change(std::move(bytes)); }
  static std::vector<records::RowRef> rows() {
    return {{.row = 1, .offset = 7, .length = 9}, {.row = 2, .offset = 17, .length = 6}};
  }

 private:
  Maker maker_;
};

TYPED_TEST_SUITE_P(ClaimedFileContract);

TYPED_TEST_P(ClaimedFileContract, ReadsFewerBytesOnlyAtTheEnd) {
  EXPECT_EQ(this->ask(this->file().read_at(7, 9)).value(), "first row");
  EXPECT_EQ(this->ask(this->file().read_at(17, 100)).value(), "second\n");
  EXPECT_EQ(this->ask(this->file().read_at(100, 10)).value(), "");
}

TYPED_TEST_P(ClaimedFileContract, ReadsTheBytesOfRowsWhileItIsWhatIsExpected) {
  const auto identity = this->ask(this->file().identity()).value();
  EXPECT_EQ(identity.size, std::string(kClaimedBytes).size());
  EXPECT_EQ(this->ask(this->file().read_rows(this->rows(), identity)).value(), "first rowsecond");
}

TYPED_TEST_P(ClaimedFileContract, AFileThatWasWrittenIsChangedAndGivesNoRows) {
  const auto identity = this->ask(this->file().identity()).value();
  this->change("header\nother row\nsecond\n and more\n");
  const auto rows = this->ask(this->file().read_rows(this->rows(), identity));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, ErrorKind::changed);
  const auto now = this->ask(this->file().identity());
  EXPECT_TRUE(!now || *now != identity);
}

TYPED_TEST_P(ClaimedFileContract, ItsHashIsOfItsContent) {
  const auto before = this->ask(this->file().content_hash()).value();
  EXPECT_EQ(this->ask(this->file().content_hash()).value(), before);
  this->change("header\nother row\nsecond\n");
  EXPECT_NE(this->ask(this->file().content_hash()).value(), before);
}

REGISTER_TYPED_TEST_SUITE_P(ClaimedFileContract, ReadsFewerBytesOnlyAtTheEnd,
                            ReadsTheBytesOfRowsWhileItIsWhatIsExpected, AFileThatWasWrittenIsChangedAndGivesNoRows,
                            ItsHashIsOfItsContent);

}  // namespace sluice
