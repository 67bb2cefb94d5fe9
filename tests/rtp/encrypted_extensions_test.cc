#include "mediacore/rtp/encrypted_extensions.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

constexpr std::string_view kEncrypt = "urn:ietf:params:rtp-hdrext:encrypt";

// The test vector that implementations of RFC 6904 share: ids 1, 3 and 4 are
// encrypted, 2 is not.
constexpr std::array<std::uint8_t, 24> kClear = {0x17, 0x41, 0x42, 0x73, 0xa4, 0x75, 0x26, 0x27,
                                                 0x48, 0x22, 0x00, 0x00, 0xc8, 0x30, 0x8e, 0x46,
                                                 0x55, 0x99, 0x63, 0x86, 0xb3, 0x95, 0xfb, 0x00};
constexpr std::array<std::uint8_t, 24> kEncrypted = {0x17, 0x58, 0x8a, 0x92, 0x70, 0xf4, 0xe1, 0x5e,
                                                     0x1c, 0x22, 0x00, 0x00, 0xc8, 0x30, 0x95, 0x46,
                                                     0xa9, 0x94, 0xf0, 0xbc, 0x54, 0x78, 0x97, 0x00};

EncryptedIds Ids(std::initializer_list<int> ids) {
  EncryptedIds encrypted;
  for (const int id : ids) EXPECT_TRUE(encrypted.Add(id));
  return encrypted;
}

std::vector<std::uint8_t> Mask(ExtensionForm form, Bytes block, const EncryptedIds& ids) {
  std::vector<std::uint8_t> mask(block.size(), 0x55);
  EXPECT_TRUE(FillEncryptionMask(form, block, ids, mask));
  return mask;
}

TEST(RtpEncryptedExtensionsTest, TheSharedTestVectorIsMaskedAsItIsEncrypted) {
  const auto mask = Mask(ExtensionForm::kOneByte, kClear, Ids({1, 3, 4}));
  EXPECT_EQ(mask, Mask(ExtensionForm::kOneByte, kEncrypted, Ids({1, 3, 4})));
  for (std::size_t i = 0; i < kClear.size(); ++i) EXPECT_EQ(mask[i] != 0, kClear[i] != kEncrypted[i]) << i;
}

TEST(RtpEncryptedExtensionsTest, TheKeystreamEncryptsAndDecryptsUnderTheMaskOnly) {
  std::array<std::uint8_t, 24> keystream{};
  for (std::size_t i = 0; i < keystream.size(); ++i) {
    // What is not under the mask does not matter.
    keystream[i] = static_cast<std::uint8_t>(kClear[i] == kEncrypted[i] ? 0x77 : kClear[i] ^ kEncrypted[i]);
  }
  auto block = kClear;
  ASSERT_TRUE(XorEncryptedExtensions(ExtensionForm::kOneByte, Ids({1, 3, 4}), keystream, block));
  EXPECT_EQ(block, kEncrypted);
  ASSERT_TRUE(XorEncryptedExtensions(ExtensionForm::kOneByte, Ids({1, 3, 4}), keystream, block));
  EXPECT_EQ(block, kClear);
}

TEST(RtpEncryptedExtensionsTest, InTheTwoByteFormIdAndLengthStayInClear) {
  //                                             id 3, 2 bytes        id 5, 1 byte   id 200, none  padding
  const std::vector<std::uint8_t> block = {0x03, 0x02, 0xaa, 0xbb, 0x05, 0x01, 0xcc, 0xc8, 0x00, 0x00, 0x00, 0x00};
  EXPECT_EQ(Mask(ExtensionForm::kTwoByte, block, Ids({3, 200})),
            (std::vector<std::uint8_t>{0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(Mask(ExtensionForm::kTwoByte, block, Ids({5})),
            (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0}));
}

TEST(RtpEncryptedExtensionsTest, NothingBehindTheEndOfTheElementsIsEncrypted) {
  //                                           id 1 with its byte, id 15, what looks like id 1 again
  const std::vector<std::uint8_t> stopped = {0x10, 0xaa, 0xf0, 0xbb, 0x10, 0xcc, 0x00, 0x00};
  EXPECT_EQ(Mask(ExtensionForm::kOneByte, stopped, Ids({1, 15})),
            (std::vector<std::uint8_t>{0, 0xff, 0, 0, 0, 0, 0, 0}));
  const std::vector<std::uint8_t> cut = {0x10, 0xaa, 0x13, 0xbb};  // the second runs past the end
  EXPECT_EQ(Mask(ExtensionForm::kOneByte, cut, Ids({1})), (std::vector<std::uint8_t>{0, 0xff, 0, 0}));
  EXPECT_EQ(Mask(ExtensionForm::kOther, cut, Ids({1})), (std::vector<std::uint8_t>(4, 0)));
  EXPECT_EQ(Mask(ExtensionForm::kNone, {}, Ids({1})), std::vector<std::uint8_t>());
}

TEST(RtpEncryptedExtensionsTest, AMaskOrKeystreamThatIsTooShortIsRefusedAndNothingIsTouched) {
  std::array<std::uint8_t, 23> short_one{};
  EXPECT_FALSE(FillEncryptionMask(ExtensionForm::kOneByte, kClear, Ids({1, 3}), short_one));
  EXPECT_EQ(short_one, (std::array<std::uint8_t, 23>{}));
  short_one.fill(0xff);
  auto block = kClear;
  EXPECT_FALSE(XorEncryptedExtensions(ExtensionForm::kOneByte, Ids({1, 3}), short_one, block));
  EXPECT_EQ(block, kClear);
}

TEST(RtpEncryptedExtensionsTest, IdsAreOneTo255) {
  EncryptedIds ids;
  for (const int id : {-1, 0, 256, 1000}) {
    EXPECT_FALSE(ids.Add(id)) << id;
    EXPECT_FALSE(ids.Contains(id)) << id;
  }
  for (int id = 1; id < 256; ++id) {
    EXPECT_FALSE(ids.Contains(id)) << id;
    EXPECT_TRUE(ids.Add(id)) << id;
    EXPECT_TRUE(ids.Contains(id)) << id;
  }
}

TEST(RtpEncryptedExtensionsTest, TheExampleOfTheRfcWrapsATimecode) {
  WrappedExtension wrapped;
  ASSERT_TRUE(UnwrapEncrypted("urn:ietf:params:rtp-hdrext:smpte-tc 25@600/24", wrapped));
  EXPECT_EQ(wrapped.uri, "urn:ietf:params:rtp-hdrext:smpte-tc");
  EXPECT_EQ(wrapped.attributes, "25@600/24");
  ASSERT_TRUE(UnwrapEncrypted("urn:ietf:params:rtp-hdrext:toffset", wrapped));
  EXPECT_EQ(wrapped.attributes, "");
  // Nothing is wrapped, or twice.
  EXPECT_FALSE(UnwrapEncrypted("", wrapped));
  EXPECT_FALSE(UnwrapEncrypted(" urn:example:x", wrapped));
  EXPECT_FALSE(UnwrapEncrypted("urn:ietf:params:rtp-hdrext:encrypt urn:example:x", wrapped));
  EXPECT_EQ(wrapped.uri, "urn:ietf:params:rtp-hdrext:toffset");
}

TEST(RtpEncryptedExtensionsTest, AWrappedExtensionIsOfTheKindThatItWraps) {
  ExtensionMap map;
  EncryptedIds ids;
  EXPECT_EQ(AddExtension(1, ExtensionUri(ExtensionKind::kMid), "", map, ids), ExtensionMapResult::kOk);
  EXPECT_EQ(AddExtension(2, kEncrypt, ExtensionUri(ExtensionKind::kAudioLevel), map, ids), ExtensionMapResult::kOk);
  EXPECT_EQ(map.IdOf(ExtensionKind::kMid), 1);
  EXPECT_EQ(map.IdOf(ExtensionKind::kAudioLevel), 2);
  EXPECT_FALSE(ids.Contains(1));
  EXPECT_TRUE(ids.Contains(2));
  // Nobody knows what it is, but its bytes are encrypted.
  EXPECT_EQ(AddExtension(3, kEncrypt, "urn:example:unknown", map, ids), ExtensionMapResult::kUnknownKind);
  EXPECT_TRUE(ids.Contains(3));
}

TEST(RtpEncryptedExtensionsTest, ALineThatIsRefusedEncryptsNothing) {
  ExtensionMap map;
  EncryptedIds ids;
  ASSERT_EQ(AddExtension(1, ExtensionUri(ExtensionKind::kMid), "", map, ids), ExtensionMapResult::kOk);
  EXPECT_EQ(AddExtension(1, kEncrypt, ExtensionUri(ExtensionKind::kRid), map, ids), ExtensionMapResult::kIdTaken);
  EXPECT_EQ(AddExtension(1, kEncrypt, "urn:example:unknown", map, ids), ExtensionMapResult::kUnknownKind);
  EXPECT_EQ(AddExtension(5, kEncrypt, ExtensionUri(ExtensionKind::kMid), map, ids), ExtensionMapResult::kKindTaken);
  EXPECT_EQ(AddExtension(6, kEncrypt, kEncrypt, map, ids), ExtensionMapResult::kUnknownKind);
  EXPECT_EQ(AddExtension(7, "urn:example:unknown", "", map, ids), ExtensionMapResult::kUnknownKind);
  EXPECT_EQ(AddExtension(0, kEncrypt, "urn:example:unknown", map, ids), ExtensionMapResult::kBadId);
  for (int id = 0; id < 256; ++id) EXPECT_FALSE(ids.Contains(id)) << id;
}

}  // namespace
}  // namespace mediacore::rtp
