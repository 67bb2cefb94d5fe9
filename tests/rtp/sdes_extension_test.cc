#include "mediacore/rtp/sdes_extension.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

using testing::CannotBeWritten;
using testing::ReadsAndWritesBack;

constexpr std::array<std::uint8_t, 5> kVideo = {'v', 'i', 'd', 'e', 'o'};
static_assert(MidExtension::Parse(kVideo)->name.view() == "video");
static_assert(MidExtension::kKind == ExtensionKind::kMid);
static_assert(RidExtension::kKind == ExtensionKind::kRid);
static_assert(RepairedRidExtension::kKind == ExtensionKind::kRepairedRid);
static_assert(CnameExtension::kKind == ExtensionKind::kCname);
static_assert(CaptureIdExtension::kKind == ExtensionKind::kCaptureId);

TEST(RtpSdesExtensionTest, ANameHasOneToSixteenCharacters) {
  for (std::size_t size = 0; size < 300; ++size) {
    const std::vector<std::uint8_t> name(size, 'h');
    const bool listed = size >= 1 && size <= 16;
    const auto mid = MidExtension::Parse(name);
    ASSERT_EQ(mid.has_value(), listed) << size;
    if (!mid) {
      EXPECT_EQ(mid.error(), ExtensionError::kWrongSize) << size;
    }
    EXPECT_EQ(RidExtension::Parse(name).has_value(), listed) << size;
    EXPECT_TRUE(ReadsAndWritesBack<MidExtension>(name)) << size;
    EXPECT_TRUE(ReadsAndWritesBack<RidExtension>(name)) << size;
    EXPECT_TRUE(ReadsAndWritesBack<RepairedRidExtension>(name)) << size;
  }
}

TEST(RtpSdesExtensionTest, ARidIsOfLettersAndDigitsAMidOfTheCharactersOfAToken) {
  for (int c = 0; c < 256; ++c) {
    const std::array value = {static_cast<std::uint8_t>('a'), static_cast<std::uint8_t>(c)};
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const auto rid = RidExtension::Parse(value);
    ASSERT_EQ(rid.has_value(), alphanumeric) << c;
    if (!rid) {
      EXPECT_EQ(rid.error(), ExtensionError::kBadValue);
    }
    EXPECT_EQ(RepairedRidExtension::Parse(value).has_value(), alphanumeric);
    Mid name;
    const char text[] = {'a', static_cast<char>(c)};
    EXPECT_EQ(MidExtension::Parse(value).has_value(), Mid::Read({text, 2}, name)) << c;
  }
}

TEST(RtpSdesExtensionTest, ACnameIsOneTo255BytesOfAnyKind) {
  for (std::size_t size = 0; size < 300; ++size) {
    const std::vector<std::uint8_t> text(size, 0xc3);
    const auto cname = CnameExtension::Parse(text);
    ASSERT_EQ(cname.has_value(), size >= 1 && size <= 255) << size;
    if (!cname) {
      EXPECT_EQ(cname.error(), ExtensionError::kWrongSize);
    }
    EXPECT_TRUE(ReadsAndWritesBack<CnameExtension>(text)) << size;
    EXPECT_TRUE(ReadsAndWritesBack<CaptureIdExtension>(text)) << size;
  }
}

TEST(RtpSdesExtensionTest, NoNameAndNoTextCannotBeWritten) {
  EXPECT_TRUE(CannotBeWritten(MidExtension{}));
  EXPECT_TRUE(CannotBeWritten(CnameExtension{}));
  const std::vector<std::uint8_t> too_long(256, 'c');
  EXPECT_TRUE(CannotBeWritten(CnameExtension{too_long}));
}

}  // namespace
}  // namespace mediacore::rtp
