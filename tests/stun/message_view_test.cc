#include "mediacore/stun/message_view.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "../support/stun_vectors.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/stun/attributes.h"
#include "mediacore/stun/integrity.h"
#include "mediacore/stun/message_writer.h"

namespace mediacore::stun {
namespace {

using testing::kStunRequest;

static_assert(MessageView::Parse(kStunRequest).has_value());
static_assert(MessageView::Parse(kStunRequest)->message_class() == MessageClass::kRequest);
static_assert(MessageView::Parse(kStunRequest)->method() == Method::kBinding);
static_assert(MessageView::Parse(kStunRequest)->transaction_id() ==
              TransactionId{{0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae}});
static_assert(MessageView::Parse(kStunRequest)->Has(AttributeType::kPriority));
static_assert(!MessageView::Parse(kStunRequest)->Has(AttributeType::kUseCandidate));
static_assert(MessageView::Parse(testing::kStunIpv4Response)->message_class() == MessageClass::kSuccessResponse);

std::vector<std::uint8_t> Request() { return {kStunRequest.begin(), kStunRequest.end()}; }

TEST(StunMessageViewTest, AMessageIsExactlyAsLongAsItsHeaderSays) {
  auto bytes = Request();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_EQ(MessageView::Parse(Bytes(bytes).first(n)).error(),
              n < 20 ? MessageError::kTooShort : MessageError::kTruncated)
        << n;
  }
  for (int more = 1; more <= 4; ++more) {
    bytes.push_back(0);
    EXPECT_EQ(MessageView::Parse(bytes).error(), MessageError::kTrailingBytes);
  }
}

TEST(StunMessageViewTest, TheFirstTwoBitsAreZero) {
  auto bytes = Request();
  for (int first = 0; first < 256; ++first) {
    bytes[0] = static_cast<std::uint8_t>(first);
    const auto message = MessageView::Parse(bytes);
    ASSERT_EQ(message.has_value(), first < 0x40) << first;
    if (!message) {
      EXPECT_EQ(message.error(), MessageError::kNotStun);
    }
  }
}

TEST(StunMessageViewTest, ALengthThatIsNoMultipleOfFourIsRefused) {
  auto bytes = Request();
  for (int length = 1; length < 4; ++length) {
    bytes[3] = static_cast<std::uint8_t>(length);
    EXPECT_EQ(MessageView::Parse(bytes).error(), MessageError::kBadLength);
  }
}

TEST(StunMessageViewTest, AMessageWithoutTheCookieHasACauseOfItsOwn) {
  for (std::size_t i = 4; i < 8; ++i) {
    auto bytes = Request();
    bytes[i] ^= 1;
    EXPECT_EQ(MessageView::Parse(bytes).error(), MessageError::kNoMagicCookie);
  }
}

TEST(StunMessageViewTest, AnAttributeThatRunsPastTheEndIsRefused) {
  auto bytes = Request();
  // The length of FINGERPRINT, the last attribute.
  for (const int length : {5, 8, 255}) {
    bytes[103] = static_cast<std::uint8_t>(length);
    EXPECT_EQ(MessageView::Parse(bytes).error(), MessageError::kAttributeTruncated) << length;
  }
  bytes[103] = 1;  // one byte and three of padding
  EXPECT_TRUE(MessageView::Parse(bytes));
  bytes[22] = bytes[23] = 0xff;  // SOFTWARE
  EXPECT_EQ(MessageView::Parse(bytes).error(), MessageError::kAttributeTruncated);
}

TEST(StunMessageViewTest, EachCauseHasItsOwnText) {
  std::set<std::string_view> texts;
  for (int i = 0; i < kMessageErrorCount; ++i) texts.insert(ToString(static_cast<MessageError>(i)));
  EXPECT_EQ(texts.size(), std::size_t{kMessageErrorCount});
}

TEST(StunMessageViewTest, MessagesAreTakenOffAStreamOneByOne) {
  auto bytes = Request();
  bytes.insert(bytes.end(), testing::kStunIpv4Response.begin(), testing::kStunIpv4Response.end());
  for (std::size_t n = 0; n <= bytes.size(); ++n) {
    ByteReader reader(Bytes(bytes).first(n));
    std::size_t messages = 0;
    for (;;) {
      const std::size_t before = reader.remaining();
      const auto message = MessageView::TakeFrom(reader);
      if (!message) {
        EXPECT_EQ(reader.remaining(), before);
        EXPECT_EQ(message.error(), before < 20 ? MessageError::kTooShort : MessageError::kTruncated);
        break;
      }
      ++messages;
    }
    EXPECT_EQ(messages, n < kStunRequest.size() ? 0u : n < bytes.size() ? 1u : 2u);
  }
}

TEST(StunMessageViewTest, TheFirstOfTwoAttributesCounts) {
  std::array<std::uint8_t, 64> out{};
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, {});
  writer.Add(Priority{1});
  writer.Add(Priority{2});
  const auto message = MessageView::Parse(writer.message());
  ASSERT_TRUE(message);
  Priority priority;
  ASSERT_TRUE(ReadAttribute(*message, priority));
  EXPECT_EQ(priority.value, 1u);
}

TEST(StunMessageViewTest, UnknownAttributesAreListedOnceAndNoMoreThanThereIsRoomFor) {
  std::vector<std::uint8_t> out(4096);
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, {});
  writer.Add(Priority{1});
  for (std::uint16_t i = 0; i < 500; ++i) {
    writer.Add(static_cast<AttributeType>(0x7000 + i % 40), {});
    writer.Add(static_cast<AttributeType>(0xf000 + i), {});  // need not be understood
  }
  const auto message = MessageView::Parse(writer.message());
  ASSERT_TRUE(message);
  std::array<AttributeType, 64> unknown{};
  const auto known = [](AttributeType type) { return type == AttributeType::kPriority; };
  EXPECT_EQ(FindUnknownRequired(*message, known, unknown), 40u);
  EXPECT_EQ(unknown[39], static_cast<AttributeType>(0x7027));
  EXPECT_EQ(FindUnknownRequired(*message, known, std::span(unknown).first(3)), 3u);
  EXPECT_EQ(FindUnknownRequired(*message, known, {}), 0u);
}

// Every STUN message of real programs reads, its attributes have the values that
// the types know, its FINGERPRINT is right, and it is written back byte for byte.
struct Seen {
  int messages = 0;
  std::map<std::string, int> attributes;
};

template <typename Value>
bool Rewrite(const MessageView& message, const Attribute& attribute, MessageWriter& writer) {
  Value value;
  if (!ReadAttribute(message, attribute, value)) return false;
  writer.Add(value);
  return true;
}

void CheckMessage(Bytes datagram, Seen& seen) {
  const auto message = MessageView::Parse(datagram);
  ASSERT_TRUE(message) << ToString(message.error());
  ++seen.messages;
  EXPECT_EQ(VerifyFingerprint(*message), Verdict::kValid);
  std::vector<std::uint8_t> out(datagram.size());
  MessageWriter writer(out, message->message_class(), message->method(), message->transaction_id());
  AttributeReader reader = message->reader();
  for (Attribute attribute; reader.Next(attribute);) {
    ++seen.attributes[std::string(ToString(attribute.type))];
    bool known = true;
    switch (attribute.type) {
      case AttributeType::kUsername: known = Rewrite<Username>(*message, attribute, writer); break;
      case AttributeType::kXorMappedAddress: known = Rewrite<XorMappedAddress>(*message, attribute, writer); break;
      case AttributeType::kPriority: known = Rewrite<Priority>(*message, attribute, writer); break;
      case AttributeType::kUseCandidate: known = Rewrite<UseCandidate>(*message, attribute, writer); break;
      case AttributeType::kIceControlled: known = Rewrite<IceControlled>(*message, attribute, writer); break;
      case AttributeType::kIceControlling: known = Rewrite<IceControlling>(*message, attribute, writer); break;
      case AttributeType::kGoogNetworkInfo: known = Rewrite<GoogNetworkInfo>(*message, attribute, writer); break;
      case AttributeType::kMessageIntegrity:
        // Without the password the tag is taken over as it is.
        writer.AddMessageIntegrity([&](std::span<const Bytes>, MutableBytes digest) {
          std::ranges::copy(attribute.value, digest.begin());
          return attribute.value.size() == digest.size();
        });
        break;
      case AttributeType::kFingerprint: writer.AddFingerprint(); break;
      default: known = false;
    }
    EXPECT_TRUE(known) << ToString(attribute.type);
  }
  EXPECT_TRUE(std::ranges::equal(writer.message(), datagram));
}

TEST(StunCaptureTest, MessagesOfBrowsersReadAndAreWrittenBackByteForByte) {
  const auto look = [](const char* name) {
    Seen seen;
    const bool read = testing::ForEachDatagram(name, [&](const capture::Datagram& datagram) {
      if (rtp::Demultiplex(datagram.payload) == rtp::PacketKind::kStun) CheckMessage(datagram.payload, seen);
    });
    if (!read) seen.messages = -1;
    return seen;
  };
  const Seen aiortc = look("chromium-aiortc-dtls-srtp.pcap");
  if (aiortc.messages < 0) GTEST_SKIP() << "the captures are not here";
  EXPECT_EQ(aiortc.messages, 46);
  EXPECT_EQ(aiortc.attributes, (std::map<std::string, int>{{"FINGERPRINT", 46},
                                                           {"GOOG-NETWORK-INFO", 18},
                                                           {"ICE-CONTROLLED", 5},
                                                           {"ICE-CONTROLLING", 18},
                                                           {"MESSAGE-INTEGRITY", 46},
                                                           {"PRIORITY", 23},
                                                           {"USE-CANDIDATE", 18},
                                                           {"USERNAME", 23},
                                                           {"XOR-MAPPED-ADDRESS", 23}}));
  const Seen p2p = look("chromium-p2p-dtls13-datachannel.wire.pcap");
  EXPECT_EQ(p2p.messages, 26);
  EXPECT_EQ(p2p.attributes.at("GOOG-NETWORK-INFO"), 13);
}

}  // namespace
}  // namespace mediacore::stun
