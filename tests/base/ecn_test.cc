#include "mediacore/base/ecn.h"

#include <set>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

static_assert(EcnOf(0b10) == Ecn::kEct0 && EcnOf(0b01) == Ecn::kEct1);  // the wrong way round, as the RFC has it

TEST(EcnTest, TheMarkIsTheLowTwoBitsOfTheTrafficClassWhateverTheOthersAre) {
  for (int traffic_class = 0; traffic_class < 256; ++traffic_class) {
    EXPECT_EQ(static_cast<int>(EcnOf(static_cast<std::uint8_t>(traffic_class))), traffic_class % 4);
  }
}

TEST(EcnTest, EachMarkHasItsOwnName) {
  std::set<std::string_view> names;
  for (int i = 0; i <= 4; ++i) names.insert(ToString(static_cast<Ecn>(i)));
  EXPECT_EQ(names.size(), 5u);
  EXPECT_EQ(ToString(Ecn::kCe), "CE");
}

}  // namespace
}  // namespace mediacore
