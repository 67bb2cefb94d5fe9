#include "mediacore/rtp/cryptex.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_writer.h"

namespace mediacore::rtp {
namespace {

std::vector<std::uint8_t> Hex(std::string_view digits) {
  std::vector<std::uint8_t> bytes;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(value(digits[i]) << 4 | value(digits[i + 1])));
  }
  return bytes;
}

// RFC 9335, appendix A.1, AES-CTR: the packet, and as it is sent with a tag of
// ten bytes.
struct Example {
  std::string_view clear;
  std::string_view encrypted;
  ExtensionForm form;
  std::size_t csrcs;
};
constexpr std::size_t kTagSize = 10;
constexpr Example kExamples[] = {
    {"900f1235decafbadcafebabebede000151000200abababababababababababababababab",
     "900f1235decafbadcafebabec0de0001eb92365251c3e036f8de27e9c27ee3e0b4651d9fbc4218a70244522f34a5",
     ExtensionForm::kOneByte, 0},
    {"900f1236decafbadcafebabe1000000105020002abababababababababababababababab",
     "900f1236decafbadcafebabec2de00014ed9cc4e6a712b3096c5ca77339d4204ce0d77396cab69585fbce38194a5",
     ExtensionForm::kTwoByte, 0},
    {"920f1238decafbadcafebabe0001e2400000b26ebede000151000200abababababababababababababababab",
     "920f1238decafbadcafebabe8bb6e12b5cff16ddc0de000192838c8c09e58393e1de3a9a74734d6745671338c3acf11da2df8423bee0",
     ExtensionForm::kOneByte, 2},
    {"920f1239decafbadcafebabe0001e2400000b26e1000000105020002abababababababababababababababab",
     "920f1239decafbadcafebabef70e513eb90b9b25c2de0001bbed4848faa644665f3d7f34125914e9f4d0ae923c6f479b95a0f7b53133",
     ExtensionForm::kTwoByte, 2},
    {"920f123adecafbadcafebabe0001e2400000b26ebede0000abababababababababababababababab",
     "920f123adecafbadcafebabe7130b6abfe2ab0e3c0de0000e3d9f64b25c9e74cb4cf8e43fb92e3781c2c0ceab6b3a499a14c",
     ExtensionForm::kOneByte, 2},
    {"920f123bdecafbadcafebabe0001e2400000b26e10000000abababababababababababababababab",
     "920f123bdecafbadcafebabecbf24c124330e1c8c2de0000599dd45bc9d687b603e8b59d771fd38e88b170e0cd31e125eabe",
     ExtensionForm::kTwoByte, 2}};

CryptexError ErrorOf(Bytes packet, std::size_t trailer_size = 0) {
  const auto view = CryptexView::Parse(packet, trailer_size);
  EXPECT_FALSE(view);
  return view ? CryptexError{} : view.error();
}

TEST(RtpCryptexTest, TheExamplesOfTheRfcAreEncryptedWhereTheViewSays) {
  for (const Example& example : kExamples) {
    auto packet = Hex(example.clear);
    const auto sent = Hex(example.encrypted);
    const auto before = CryptexView::Parse(packet);
    ASSERT_TRUE(before);
    EXPECT_FALSE(before->is_marked());
    ASSERT_TRUE(MarkCryptex(packet));

    const auto view = CryptexView::Parse(sent, kTagSize);
    ASSERT_TRUE(view) << ToString(view.error());
    EXPECT_TRUE(view->is_marked());
    EXPECT_EQ(view->form(), example.form);
    EXPECT_EQ(view->csrcs(), (CryptexView::Range{12, 4 * example.csrcs}));
    EXPECT_EQ(view->csrcs(), before->csrcs());
    EXPECT_EQ(view->rest(), before->rest());
    EXPECT_EQ(view->rest().offset + view->rest().size, packet.size());
    // Once marked, the packet as sent differs from it in encrypted bytes only,
    // and in each word of them.
    for (std::size_t at = 0; at < packet.size(); at += 4) {
      const auto in = [at](CryptexView::Range range) { return at >= range.offset && at < range.offset + range.size; };
      const bool encrypted = in(view->csrcs()) || in(view->rest());
      EXPECT_NE(encrypted, std::equal(packet.begin() + static_cast<std::ptrdiff_t>(at),
                                      packet.begin() + static_cast<std::ptrdiff_t>(at) + 4,
                                      sent.begin() + static_cast<std::ptrdiff_t>(at)))
          << at;
    }
    ASSERT_TRUE(UnmarkCryptex(packet));
    EXPECT_EQ(packet, Hex(example.clear));
  }
}

TEST(RtpCryptexTest, BeforeDecryptionAPacketIsRtpWithoutElements) {
  const auto sent = Hex(kExamples[0].encrypted);
  EXPECT_EQ(Demultiplex(sent), PacketKind::kRtp);
  const auto packet = PacketView::Parse(sent);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->extension_form(), ExtensionForm::kOther);
  EXPECT_EQ(CryptexFormOfProfile(packet->extension_profile()), ExtensionForm::kOneByte);
  Bytes value;
  EXPECT_FALSE(packet->FindExtension(5, value));
}

TEST(RtpCryptexTest, OfAllProfilesTwoAreEncryptedForms) {
  for (int profile = 0; profile < 0x10000; ++profile) {
    const ExtensionForm form = CryptexFormOfProfile(static_cast<std::uint16_t>(profile));
    EXPECT_EQ(form, profile == 0xc0de   ? ExtensionForm::kOneByte
                    : profile == 0xc2de ? ExtensionForm::kTwoByte
                                        : ExtensionForm::kOther);
  }
}

TEST(RtpCryptexTest, APacketWithSourcesAloneGetsAnEmptyBlockFirst) {
  const std::array csrcs = {Ssrc(123'456), Ssrc(45'678)};
  PacketWriter writer;
  writer.csrcs = csrcs;
  std::vector<std::uint8_t> packet(writer.WireSize());
  ASSERT_TRUE(writer.Write(packet));
  EXPECT_EQ(ErrorOf(packet), CryptexError::kNoExtension);
  EXPECT_FALSE(MarkCryptex(packet));
  writer.extension_block = PacketWriter::ExtensionBlock{kOneByteProfile, {}};
  packet.resize(writer.WireSize());
  ASSERT_TRUE(writer.Write(packet));
  EXPECT_TRUE(MarkCryptex(packet));
}

TEST(RtpCryptexTest, EveryTruncationOfAHeaderIsRefusedForItsCause) {
  const auto sent = Hex(kExamples[2].encrypted);
  const std::size_t header = 12 + 8 + 4 + 4;
  for (std::size_t n = 0; n <= sent.size(); ++n) {
    const Bytes cut = Bytes(sent).first(n);
    if (n >= header) {
      EXPECT_TRUE(CryptexView::Parse(cut)) << n;
      continue;
    }
    EXPECT_EQ(ErrorOf(cut), n < 12   ? CryptexError::kTooShort
                            : n < 20 ? CryptexError::kCsrcsTruncated
                                     : CryptexError::kExtensionTruncated)
        << n;
  }
}

TEST(RtpCryptexTest, EachCauseHasItsPacket) {
  const auto good = Hex(kExamples[0].clear);
  auto packet = good;
  packet[0] = 0x50;
  EXPECT_EQ(ErrorOf(packet), CryptexError::kBadVersion);
  packet = good;
  packet[12] = 0x10;  // of RFC 8285 with appbits, which have no place under the mark
  packet[13] = 0x01;
  EXPECT_EQ(ErrorOf(packet), CryptexError::kOtherProfile);
  EXPECT_FALSE(MarkCryptex(packet));
  packet[12] = 0xab;  // ONVIF
  packet[13] = 0xac;
  EXPECT_EQ(ErrorOf(packet), CryptexError::kOtherProfile);
  // 16 bytes of payload behind a block of 4: as much can be trailer.
  EXPECT_TRUE(CryptexView::Parse(good, 16));
  EXPECT_EQ(CryptexView::Parse(good, 16)->rest().size, 4u);
  EXPECT_EQ(ErrorOf(good, 17), CryptexError::kTrailerTooLong);
  EXPECT_EQ(ErrorOf(good, SIZE_MAX), CryptexError::kTrailerTooLong);

  std::set<std::string_view> words;
  for (int i = 0; i < kCryptexErrorCount; ++i) words.insert(ToString(static_cast<CryptexError>(i)));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(kCryptexErrorCount));
  EXPECT_FALSE(words.contains(ToString(static_cast<CryptexError>(kCryptexErrorCount))));
}

TEST(RtpCryptexTest, TheMarkIsSetAndTakenAwayOnce) {
  const auto clear = Hex(kExamples[1].clear);
  auto packet = clear;
  EXPECT_TRUE(UnmarkCryptex(packet));
  EXPECT_EQ(packet, clear);
  EXPECT_TRUE(MarkCryptex(packet));
  const auto marked = packet;
  EXPECT_TRUE(MarkCryptex(packet));
  EXPECT_EQ(packet, marked);
  EXPECT_TRUE(UnmarkCryptex(packet));
  EXPECT_EQ(packet, clear);
}

}  // namespace
}  // namespace mediacore::rtp
