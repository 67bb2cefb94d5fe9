#include "mediacore/stun/attributes.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "../support/stun_vectors.h"
#include "mediacore/stun/message_writer.h"

namespace mediacore::stun {
namespace {

using testing::TextBytes;
using testing::TextOf;

constexpr TransactionId kId{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
constexpr std::array<std::uint8_t, 4> kIpv4 = {192, 0, 2, 1};
constexpr std::array<std::uint8_t, 16> kIpv6 = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
constexpr Endpoint kV4{IpAddress::FromV4(kIpv4.data()), 32853};
constexpr Endpoint kV6{IpAddress::FromV6(kIpv6.data()), 7};

// The value bytes of `value` in a message of its own; none when it cannot be written.
template <typename Value>
std::vector<std::uint8_t> ValueBytes(const Value& value) {
  std::vector<std::uint8_t> out(70'000);
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  writer.Add(value);
  EXPECT_EQ(writer.ok(), value.WireSize() != 0);
  if (!writer.ok()) return {0xee};
  const auto message = MessageView::Parse(writer.message());
  EXPECT_TRUE(message);
  EXPECT_EQ(message->size(), kHeaderSize + value.WireSize());
  Attribute attribute;
  EXPECT_TRUE(message->Find(Value::kType, attribute));
  return {attribute.value.begin(), attribute.value.end()};
}
// Written, read, and the same.
template <typename Value>
bool Survives(const Value& value, std::size_t size) {
  std::vector<std::uint8_t> out(70'000);
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  writer.Add(value);
  const auto message = MessageView::Parse(writer.message());
  Value again;
  return message && message->size() == kHeaderSize + 4 + PaddedSize(size) && ReadAttribute(*message, again) &&
         again == value;
}
// Whether exactly these sizes of zeros, up to 40, are taken.
template <typename Value>
std::set<std::size_t> GoodSizes() {
  const std::vector<std::uint8_t> zeros(40);
  std::set<std::size_t> good;
  for (std::size_t size = 0; size <= zeros.size(); ++size) {
    const auto value = Value::Parse(Bytes(zeros).first(size));
    if (value || value.error() != AttributeError::kWrongSize) good.insert(size);
  }
  return good;
}
using Sizes = std::set<std::size_t>;

// RFC 5769, section 2.1, as the compiler reads it.
constexpr auto kRequest = MessageView::Parse(testing::kStunRequest);
constexpr std::uint32_t PriorityOfTheRfc() {
  Priority priority;
  return ReadAttribute(*kRequest, priority) ? priority.value : 0;
}
static_assert(PriorityOfTheRfc() == 0x6e0001ff);

TEST(StunAttributesTest, MessagesOfTheRfcHaveTheValuesThatItNames) {
  Username username;
  Software software;
  IceControlled controlled;
  ASSERT_TRUE(ReadAttribute(*kRequest, username));
  ASSERT_TRUE(ReadAttribute(*kRequest, software));
  ASSERT_TRUE(ReadAttribute(*kRequest, controlled));
  EXPECT_EQ(TextOf(username.value), "evtj:h6vY");
  EXPECT_EQ(TextOf(software.value), "STUN test client");
  EXPECT_EQ(controlled.value, 0x932ff9b151263b36u);
  UseCandidate use;
  EXPECT_FALSE(ReadAttribute(*kRequest, use));

  XorMappedAddress mapped;
  ASSERT_TRUE(ReadAttribute(*MessageView::Parse(testing::kStunIpv4Response), mapped));
  EXPECT_EQ(mapped.endpoint, kV4);
  ASSERT_TRUE(ReadAttribute(*MessageView::Parse(testing::kStunIpv6Response), mapped));
  EXPECT_EQ(mapped.endpoint.port, 32853);
  EXPECT_FALSE(mapped.endpoint.address.IsV4());

  const auto userhash_request = MessageView::Parse(testing::kStunUserhashRequest);
  Nonce nonce;
  Realm realm;
  Userhash userhash;
  PasswordAlgorithm algorithm;
  std::uint32_t features = 0;
  ASSERT_TRUE(ReadAttribute(*userhash_request, nonce));
  ASSERT_TRUE(ReadAttribute(*userhash_request, realm));
  ASSERT_TRUE(ReadAttribute(*userhash_request, userhash));
  ASSERT_TRUE(ReadAttribute(*userhash_request, algorithm));
  EXPECT_EQ(TextOf(realm.value), testing::kStunRealm);
  EXPECT_EQ(userhash.value[0], 0x4a);
  EXPECT_EQ(algorithm.algorithm, PasswordAlgorithmId::kSha256);
  ASSERT_TRUE(ReadSecurityFeatures(nonce.value, features));
  EXPECT_EQ(features, kFeatureUsernameAnonymity);
}

TEST(StunAttributesTest, EveryValueReadsAsItWasWritten) {
  EXPECT_TRUE(Survives(MappedAddress{kV4}, 8));
  EXPECT_TRUE(Survives(MappedAddress{kV6}, 20));
  EXPECT_TRUE(Survives(XorMappedAddress{kV4}, 8));
  EXPECT_TRUE(Survives(XorPeerAddress{kV6}, 20));
  EXPECT_TRUE(Survives(XorRelayedAddress{kV6}, 20));
  EXPECT_TRUE(Survives(AlternateServer{kV4}, 8));
  EXPECT_TRUE(Survives(ResponseOrigin{kV4}, 8));
  EXPECT_TRUE(Survives(OtherAddress{kV6}, 20));
  EXPECT_TRUE(Survives(Userhash{{1, 2, 3}}, 32));
  EXPECT_TRUE(Survives(ReservationToken{{8, 7}}, 8));
  EXPECT_TRUE(Survives(GoogLastIceCheckReceived{kId.bytes}, 12));
  EXPECT_TRUE(Survives(Priority{0xffffffff}, 4));
  EXPECT_TRUE(Survives(ConnectionId{7}, 4));
  EXPECT_TRUE(Survives(Nomination{1}, 4));
  EXPECT_TRUE(Survives(IceControlled{0x0102030405060708}, 8));
  EXPECT_TRUE(Survives(IceControlling{~0ull}, 8));
  EXPECT_TRUE(Survives(UseCandidate{}, 0));
  EXPECT_TRUE(Survives(DontFragment{}, 0));
  EXPECT_TRUE(Survives(Lifetime{TimeDelta::Seconds(600)}, 4));
  EXPECT_TRUE(Survives(CacheTimeout{TimeDelta::Seconds(0xffffffff)}, 4));
  EXPECT_TRUE(Survives(RequestedAddressFamily{AddressFamily::kIpv6}, 4));
  EXPECT_TRUE(Survives(AdditionalAddressFamily{AddressFamily::kIpv6}, 4));
  EXPECT_TRUE(Survives(ChannelNumber{0x4fff}, 4));
  EXPECT_TRUE(Survives(EvenPort{true}, 1));
  EXPECT_TRUE(Survives(RequestedTransport{RequestedTransport::kTcp}, 4));
  EXPECT_TRUE(Survives(Icmp{127, 511, 1280}, 8));
  EXPECT_TRUE(Survives(GoogNetworkInfo{1, 10}, 4));
  EXPECT_TRUE(Survives(ChangeRequest{true, false}, 4));
  EXPECT_TRUE(Survives(ChangeRequest{false, true}, 4));
  EXPECT_TRUE(Survives(ResponsePort{3479}, 4));
  EXPECT_TRUE(Survives(TransactionTransmitCounter{2, 1}, 4));
}

TEST(StunAttributesTest, AFixedValueHasOneSize) {
  EXPECT_EQ(GoodSizes<MappedAddress>(), (Sizes{8, 20}));
  EXPECT_EQ(GoodSizes<Userhash>(), Sizes{32});
  EXPECT_EQ(GoodSizes<ReservationToken>(), Sizes{8});
  EXPECT_EQ(GoodSizes<Priority>(), Sizes{4});
  EXPECT_EQ(GoodSizes<IceControlling>(), Sizes{8});
  EXPECT_EQ(GoodSizes<UseCandidate>(), Sizes{0});
  EXPECT_EQ(GoodSizes<Lifetime>(), Sizes{4});
  EXPECT_EQ(GoodSizes<RequestedAddressFamily>(), Sizes{4});
  EXPECT_EQ(GoodSizes<ChannelNumber>(), Sizes{4});
  EXPECT_EQ(GoodSizes<EvenPort>(), Sizes{1});
  EXPECT_EQ(GoodSizes<RequestedTransport>(), Sizes{4});
  EXPECT_EQ(GoodSizes<Icmp>(), Sizes{8});
  EXPECT_EQ(GoodSizes<GoogNetworkInfo>(), Sizes{4});
  EXPECT_EQ(GoodSizes<ChangeRequest>(), Sizes{4});
  EXPECT_EQ(GoodSizes<ResponsePort>(), (Sizes{2, 4}));
  EXPECT_EQ(GoodSizes<TransactionTransmitCounter>(), Sizes{4});
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::vector<std::uint8_t> zeros(size);
    const auto value = XorMappedAddress::Parse(zeros, kId);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error(), size == 8 || size == 20 ? AttributeError::kBadValue : AttributeError::kWrongSize);
  }
}

TEST(StunAttributesTest, ValuesThatTheRfcDoesNotAllowAreRefused) {
  constexpr std::array<std::uint8_t, 8> kThirdFamily = {0, 3, 0, 7, 1, 2, 3, 4};
  EXPECT_EQ(MappedAddress::Parse(kThirdFamily).error(), AttributeError::kBadValue);
  constexpr std::array<std::uint8_t, 4> kFamily3 = {3, 0, 0, 0};
  EXPECT_EQ(RequestedAddressFamily::Parse(kFamily3).error(), AttributeError::kBadValue);
  constexpr std::array<std::uint8_t, 4> kReservedChannel = {0x50, 0, 0, 0};
  EXPECT_EQ(ChannelNumber::Parse(kReservedChannel).error(), AttributeError::kBadValue);
}

TEST(StunAttributesTest, TextsHaveTheLongestSizesOfTheRfc) {
  const std::vector<std::uint8_t> text(1000, 'x');
  const auto first = [&](std::size_t size) { return Bytes(text).first(size); };
  EXPECT_TRUE(Username::Parse(first(508)));
  EXPECT_EQ(Username::Parse(first(509)).error(), AttributeError::kWrongSize);
  EXPECT_TRUE(Realm::Parse(first(763)) && Nonce::Parse(first(763)) && Software::Parse(first(763)));
  EXPECT_FALSE(Realm::Parse(first(764)));
  EXPECT_FALSE(AlternateDomain::Parse({}));
  EXPECT_EQ(Username{first(509)}.WireSize(), 0u);
  EXPECT_EQ(Realm{first(764)}.WireSize(), 0u);
  EXPECT_EQ(ValueBytes(Username{first(508)}).size(), 508u);
  EXPECT_EQ(ValueBytes(Username{first(9)}), std::vector<std::uint8_t>(9, 'x'));
  const std::vector<std::uint8_t> large(0xfff8 + 1);
  EXPECT_EQ(ValueBytes(Data{Bytes(large).first(0xfff8)}).size(), 0xfff8u);
  EXPECT_EQ(Data{large}.WireSize(), 0u);
}

TEST(StunAttributesTest, AnErrorHasAClassANumberAndAReason) {
  constexpr std::array<std::uint8_t, 6> kStale = {0, 0, 4, 38, 'n', 'o'};
  const auto error = ErrorCode::Parse(kStale);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, 438);
  EXPECT_EQ(TextOf(error->reason), "no");
  EXPECT_EQ(ErrorReason(error->code), "Stale Nonce");
  EXPECT_EQ(ErrorReason(499), "");
  for (int upper = 0; upper < 256; ++upper) {
    for (int number = 0; number < 256; ++number) {
      const std::array<std::uint8_t, 4> bytes = {0xff, 0xff, static_cast<std::uint8_t>(upper),
                                                 static_cast<std::uint8_t>(number)};
      const int code = (upper & 7) * 100 + number;
      const bool good = (upper & 7) >= 3 && (upper & 7) <= 6 && number <= 99;
      const auto parsed = ErrorCode::Parse(bytes);
      ASSERT_EQ(parsed.has_value(), good) << upper << ' ' << number;
      if (good) {
        ASSERT_EQ(parsed->code, code);
      }
    }
  }
  EXPECT_EQ(ErrorCode::Parse(Bytes(kStale).first(3)).error(), AttributeError::kWrongSize);
  EXPECT_EQ((ErrorCode{299, {}}.WireSize()), 0u);
  EXPECT_EQ((ErrorCode{700, {}}.WireSize()), 0u);
  EXPECT_EQ(ValueBytes(ErrorCode{438, TextBytes("no")}), std::vector<std::uint8_t>(kStale.begin(), kStale.end()));
  std::set<std::string_view> reasons;
  for (int code = 300; code < 700; ++code) reasons.insert(ErrorReason(code));
  EXPECT_EQ(reasons.size(), 19u);
}

TEST(StunAttributesTest, AnErrorOfOneFamilyNamesIt) {
  const AddressErrorCode written{AddressFamily::kIpv6, {440, TextBytes("IPv4 only")}};
  const auto bytes = ValueBytes(written);
  EXPECT_EQ((std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + 4)), (std::vector<std::uint8_t>{2, 0, 4, 40}));
  const auto read = AddressErrorCode::Parse(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->family, AddressFamily::kIpv6);
  EXPECT_EQ(read->error.code, 440);
  EXPECT_EQ(TextOf(read->error.reason), "IPv4 only");
  constexpr std::array<std::uint8_t, 4> kNoFamily = {0, 0, 4, 40};
  EXPECT_EQ(AddressErrorCode::Parse(kNoFamily).error(), AttributeError::kBadValue);
  EXPECT_EQ(AddressErrorCode::Parse(Bytes(kNoFamily).first(2)).error(), AttributeError::kWrongSize);
}

TEST(StunAttributesTest, UnknownAttributesAreAListOfTypes) {
  constexpr std::array kTypes = {AttributeType::kChannelNumber, static_cast<AttributeType>(0x7001)};
  const auto bytes = ValueBytes(UnknownAttributesWriter{kTypes});
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0, 0x0c, 0x70, 0x01}));
  const auto list = UnknownAttributes::Parse(bytes);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ((*list)[0], AttributeType::kChannelNumber);
  EXPECT_EQ((*list)[1], static_cast<AttributeType>(0x7001));
  EXPECT_EQ(UnknownAttributes::Parse(Bytes(bytes).first(3)).error(), AttributeError::kWrongSize);
  const std::vector<std::uint16_t> many(0x8000);
  EXPECT_EQ(GoogMiscInfoWriter{many}.WireSize(), 0u);
  EXPECT_EQ(ValueBytes(GoogMiscInfoWriter{std::span(many).first(3)}).size(), 6u);
}

TEST(StunAttributesTest, PasswordAlgorithmsAreARowOfNumbersWithParameters) {
  const std::array algorithms = {PasswordAlgorithm{PasswordAlgorithmId::kSha256, {}},
                                 PasswordAlgorithm{static_cast<PasswordAlgorithmId>(9), TextBytes("abcde")},
                                 PasswordAlgorithm{PasswordAlgorithmId::kMd5, {}}};
  const auto bytes = ValueBytes(PasswordAlgorithmsWriter{algorithms});
  EXPECT_EQ(bytes.size(), 4u + 12u + 4u);
  const auto row = PasswordAlgorithms::Parse(bytes);
  ASSERT_TRUE(row);
  std::vector<std::pair<int, std::string_view>> seen;
  row->ForEach([&](const PasswordAlgorithm& one) {
    seen.emplace_back(static_cast<int>(one.algorithm), TextOf(one.parameters));
  });
  EXPECT_EQ(seen, (std::vector<std::pair<int, std::string_view>>{{2, ""}, {9, "abcde"}, {1, ""}}));
  EXPECT_EQ(ValueBytes(*row), bytes) << "a client sends the row back as it came";
  // The padding of the last may be missing, anything else may not.
  for (std::size_t n = 0; n <= 16; ++n) {
    const bool whole = n == 0 || n == 4 || (n >= 13 && n <= 16);
    EXPECT_EQ(PasswordAlgorithms::Parse(Bytes(bytes).first(n)).has_value(), whole) << n;
  }
  EXPECT_FALSE(PasswordAlgorithm::Parse(bytes)) << "one, not a row";
  EXPECT_TRUE(PasswordAlgorithm::Parse(Bytes(bytes).first(4)));
  EXPECT_EQ(ValueBytes(algorithms[1]).size(), 12u);
  const std::vector<std::uint8_t> large(0x10000);
  EXPECT_EQ((PasswordAlgorithm{PasswordAlgorithmId::kMd5, large}.WireSize()), 0u);
  const std::array too_much = {PasswordAlgorithm{PasswordAlgorithmId::kMd5, Bytes(large).first(0x9000)},
                               PasswordAlgorithm{PasswordAlgorithmId::kMd5, Bytes(large).first(0x9000)}};
  EXPECT_EQ(PasswordAlgorithmsWriter{too_much}.WireSize(), 0u);
  EXPECT_EQ(PasswordAlgorithms{large}.WireSize(), 0u);
  EXPECT_EQ(ToString(PasswordAlgorithmId::kMd5), "MD5");
  EXPECT_EQ(ToString(PasswordAlgorithmId::kSha256), "SHA-256");
  EXPECT_EQ(ToString(static_cast<PasswordAlgorithmId>(3)), "");
}

TEST(StunAttributesTest, ANonceSaysWhatItsServerCanDo) {
  for (std::uint32_t bit = 1; bit < 1u << 24; bit <<= 1) {
    const auto prefix = NoncePrefix(bit);
    const std::string nonce = std::string(prefix.begin(), prefix.end()) + "f//499k954d6OL34oL9FSTvy64sA";
    std::uint32_t features = 0;
    ASSERT_TRUE(ReadSecurityFeatures(TextBytes(nonce), features));
    EXPECT_EQ(features, bit);
  }
  const auto both = NoncePrefix(kFeaturePasswordAlgorithms | kFeatureUsernameAnonymity);
  EXPECT_EQ(std::string(both.begin(), both.end()), "obMatJos2AAAD");
  std::uint32_t features = 77;
  EXPECT_FALSE(ReadSecurityFeatures(TextBytes("obMatJos2AAA"), features));
  EXPECT_FALSE(ReadSecurityFeatures(TextBytes("obMatJos3AAAA"), features));
  EXPECT_FALSE(ReadSecurityFeatures(TextBytes("obMatJos2A*AA"), features));
  EXPECT_FALSE(ReadSecurityFeatures(TextBytes("obMatJos2AA=="), features));
  EXPECT_EQ(features, 77u);
}

TEST(StunAttributesTest, WhatCannotBeWrittenHasNoSize) {
  EXPECT_EQ(Lifetime{TimeDelta::Millis(1500)}.WireSize(), 0u);
  EXPECT_EQ(Lifetime{TimeDelta::Seconds(-1)}.WireSize(), 0u);
  EXPECT_EQ(Lifetime{TimeDelta::Seconds(0x100000000)}.WireSize(), 0u);
  EXPECT_EQ(Lifetime{TimeDelta::PlusInfinity()}.WireSize(), 0u);
  EXPECT_EQ(ChannelNumber{0x3fff}.WireSize(), 0u);
  EXPECT_EQ(ChannelNumber{0x5000}.WireSize(), 0u);
  EXPECT_EQ((Icmp{128, 0, 0}.WireSize()), 0u);
  EXPECT_EQ((Icmp{0, 512, 0}.WireSize()), 0u);
}

TEST(StunAttributesTest, ReservedBitsAreNotLookedAt) {
  constexpr std::array<std::uint8_t, 4> kAll = {0xff, 0xff, 0xff, 0xff};
  EXPECT_EQ(*ChangeRequest::Parse(kAll), (ChangeRequest{true, true}));
  constexpr std::array<std::uint8_t, 1> kEven = {0x7f};
  EXPECT_FALSE(EvenPort::Parse(kEven)->reserve_next);
  constexpr std::array<std::uint8_t, 4> kUdp = {17, 1, 2, 3};
  EXPECT_EQ(RequestedTransport::Parse(kUdp)->protocol, RequestedTransport::kUdp);
  constexpr std::array<std::uint8_t, 8> kIcmp = {9, 9, 3 << 1, 4, 0, 0, 5, 0xdc};
  EXPECT_EQ(*Icmp::Parse(kIcmp), (Icmp{3, 4, 1500}));
}

TEST(StunAttributesTest, AMalformedValueLeavesTheOutputAsItWas) {
  std::array<std::uint8_t, 64> out{};
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  writer.Add(AttributeType::kPriority, TextBytes("abc"));
  const auto message = MessageView::Parse(writer.message());
  Priority priority{5};
  EXPECT_FALSE(ReadAttribute(*message, priority));
  EXPECT_EQ(priority.value, 5u);
  Lifetime lifetime;
  EXPECT_FALSE(ReadAttribute(*message, Attribute{AttributeType::kPriority, {}, 0}, lifetime));
}

TEST(StunAttributesTest, EachCauseHasItsOwnText) {
  std::set<std::string_view> texts;
  for (int i = 0; i < kAttributeErrorCount; ++i) texts.insert(ToString(static_cast<AttributeError>(i)));
  EXPECT_EQ(texts.size(), std::size_t{kAttributeErrorCount});
}

}  // namespace
}  // namespace mediacore::stun
