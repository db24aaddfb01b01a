#include "adapters/posix/move.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/refusing_kernel.hpp"
#include "adapters/temp_folder.hpp"

namespace sluice::adapters::posix {
namespace {

class PosixMove : public testing::Test {
 protected:
  void put(const char* name) { std::ofstream(folder / name) << name; }
  int move(Target target) { return move_without_replacing(here, "from", here, "to", target); }

  TempFolder folder;
  Fd here{::open((folder / ".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

TEST_F(PosixMove, AnothersFileIsRenamedAfterALookWhereTheKernelRefusesALink) {
  const bool refused = with_refusals({{SYS_renameat2, EINVAL}, {SYS_linkat, EPERM}}, [&] {
    put("from");
    EXPECT_EQ(move(Target::shared), EPERM) << "what others could put there must not be lost";
    put("to");
    EXPECT_EQ(move(Target::anothers), EEXIST);
    std::filesystem::remove(folder / "to");
    EXPECT_EQ(move(Target::anothers), 0);
    EXPECT_TRUE(std::filesystem::exists(folder / "to"));
    EXPECT_FALSE(std::filesystem::exists(folder / "from"));
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

}  // namespace
}  // namespace sluice::adapters::posix
