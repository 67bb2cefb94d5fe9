#include "mediacore/base/codec.h"

#include <set>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

TEST(CodecTest, EveryCodecButTheUnknownIsSoundOrPicturesAndHasItsOwnName) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Codec::kOpus); ++i) {
    const auto codec = static_cast<Codec>(i);
    EXPECT_EQ(IsVideo(codec) + IsAudio(codec), codec == Codec::kUnknown ? 0 : 1);
    EXPECT_TRUE(names.insert(ToString(codec)).second) << ToString(codec);
  }
  EXPECT_TRUE(IsVideo(Codec::kH264) && IsVideo(Codec::kAv1));
  EXPECT_TRUE(IsAudio(Codec::kAac) && IsAudio(Codec::kOpus));
  EXPECT_EQ(ToString(static_cast<Codec>(200)), "unknown");
}

}  // namespace
}  // namespace mediacore
