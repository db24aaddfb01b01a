#include "adapters/gate/boot_id.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "adapters/temp_folder.hpp"

namespace sluice::adapters::gate {
namespace {

constexpr const char* kDigits = "0123456789abcdef0123456789abcdef";
constexpr const char* kAsTheKernelWritesIt = "01234567-89ab-cdef-0123-456789abcdef";

TEST(BootId, IsTheKernelsWhateverTheEnvironmentSays) {
  EXPECT_EQ(boot_id(kKernelsBootId, nullptr).size(), 36U);
  EXPECT_EQ(boot_id(kKernelsBootId, nullptr), boot_id(kKernelsBootId, kDigits));
}

TEST(BootId, IsTheUnitsWhereTheKernelsIsHidden) {
  EXPECT_EQ(boot_id("/nonexistent", kDigits), kAsTheKernelWritesIt);
}

TEST(BootId, IsEmptyWhereNobodySaysOrNonsenseIsSaid) {
  const TempFolder folder;
  std::ofstream(folder / "short") << "01234567-89ab";
  for (const char* told : {static_cast<const char*>(nullptr), "", "%b", "0123456789ABCDEF0123456789ABCDEF", "0123"}) {
    EXPECT_EQ(boot_id("/nonexistent", told), "");
    EXPECT_EQ(boot_id(folder / "short", told), "");
  }
}

}  // namespace
}  // namespace sluice::adapters::gate
