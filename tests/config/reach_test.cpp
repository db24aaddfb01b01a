#include "sluice/config/load.hpp"

#include <gtest/gtest.h>

namespace sluice::config {
namespace {

TEST(Reach, IsReadOutOfSettingsWithAnUnknownKeyOrAWrongValue) {
  const auto reach = reach_in_spite_of_mistakes("spool: /data/spool\nstop: {grcae: 30s}\ncontrol: {socket: /run/s}\n");
  EXPECT_EQ(reach.spool, "/data/spool");
  EXPECT_EQ(reach.socket, "/run/s");
}

TEST(Reach, IsReadUpToALineThatIsNoYaml) {
  EXPECT_EQ(reach_in_spite_of_mistakes("spool: /data/spool\nupstream: [\n").spool, "/data/spool");
  EXPECT_EQ(reach_in_spite_of_mistakes("spool: /data/spool\nlog: \"info\nstop: {}\n").spool, "/data/spool");
}

TEST(Reach, IsTheDefaultWhereNothingCanBeMadeOut) {
  for (const auto* yaml : {"", "[", "\t", "spool: []", "spool: relative", "control: 3", "- spool", "spool: {a: b}"}) {
    const auto reach = reach_in_spite_of_mistakes(yaml);
    EXPECT_EQ(reach.spool, "/var/spool/sluice") << yaml;
    EXPECT_EQ(reach.socket, "") << yaml;
  }
}

}  // namespace
}  // namespace sluice::config
