#include "adapters/spool/barred.hpp"

#include <gmock/gmock.h>

namespace sluice::adapters::spool {
namespace {

using testing::HasSubstr;
using testing::Not;

struct stat about(mode_t mode, uid_t user, gid_t group) {
  struct stat s{};
  s.st_mode = mode;
  s.st_uid = user;
  s.st_gid = group;
  s.st_nlink = 1;
  return s;
}

const struct stat kInbox = about(S_IFDIR | 02770, 100, 200);
constexpr Looker kUs{.user = 100};

TEST(Barred, AnOrdinaryFileIsNot) {
  EXPECT_EQ(barred(kInbox, about(S_IFREG | 0640, 4711, 200), {}, kUs), "");
}

TEST(Barred, InAStickyFolderAnothersFileMayNotBeMoved) {
  const auto sticky = about(S_IFDIR | S_ISVTX | 0770, 0, 200);
  const auto file = about(S_IFREG | 0640, 4711, 200);
  EXPECT_THAT(barred(sticky, file, {}, kUs), HasSubstr("sticky bit"));
  EXPECT_THAT(barred(sticky, file, {}, kUs), HasSubstr("4711"));
  EXPECT_EQ(barred(sticky, about(S_IFREG, kUs.user, 200), {}, kUs), "") << "our own file";
  EXPECT_EQ(barred(sticky, file, {}, {.user = 0, .overrides_rights = true}), "") << "root";
  EXPECT_EQ(barred(about(S_IFDIR | S_ISVTX | 0770, kUs.user, 200), file, {}, kUs), "") << "our own folder";
}

TEST(Barred, AFileOfAnotherGroupIsToldHowToChangeThat) {
  EXPECT_THAT(unreadable(kInbox, about(S_IFREG | 0640, 4711, 999)), HasSubstr("chgrp 200"));
  EXPECT_THAT(unreadable(kInbox, about(S_IFREG | 0640, 4711, 999)), Not(HasSubstr("chmod")));
  EXPECT_THAT(unreadable(kInbox, about(S_IFREG | 0600, 4711, 999)), HasSubstr("chmod g+r"));
  EXPECT_THAT(unreadable(kInbox, about(S_IFREG | 0600, 4711, 200)), Not(HasSubstr("chgrp")));
}

}  // namespace
}  // namespace sluice::adapters::spool
