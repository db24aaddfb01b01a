#include "database_password.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "adapters/temp_folder.hpp"

namespace sluice::app {
namespace {

class DatabasePassword : public ::testing::Test {
 protected:
  Result<std::string> held(const std::string& content, mode_t mode = 0600) {
    const auto path = folder_ / "password";
    std::ofstream(path, std::ios::binary) << content;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return database_password(path);
  }

 private:
  adapters::TempFolder folder_;
};

TEST_F(DatabasePassword, IsWhatItsFileHoldsWithoutTheLineEnd) {
  EXPECT_EQ(held("s3cr3t \n"), "s3cr3t ");
  EXPECT_EQ(held("s3cr3t\r\n", 0640), "s3cr3t");
  EXPECT_EQ(database_password(""), "");
}

TEST_F(DatabasePassword, IsRefusedWithoutBeingRepeatedWhereItIsNotOneLine) {
  for (const auto* content : {"", "\n", "s3cr3t\nmore\n"}) {
    const auto password = held(content);
    ASSERT_FALSE(password) << content;
    EXPECT_EQ(password.error().kind, ErrorKind::config);
    EXPECT_EQ(password.error().words.find("s3cr3t"), std::string::npos);
  }
  EXPECT_FALSE(held(std::string(1'025, 'p')));
}

TEST_F(DatabasePassword, IsRefusedWhereEverybodyReadsItOrTheGroupWritesIt) {
  EXPECT_FALSE(held("s3cr3t", 0604));
  EXPECT_FALSE(held("s3cr3t", 0660));
}

TEST_F(DatabasePassword, IsRefusedWhereItIsNoFile) {
  EXPECT_FALSE(database_password("/"));
  EXPECT_FALSE(database_password("/not/there"));
}

}  // namespace
}  // namespace sluice::app
