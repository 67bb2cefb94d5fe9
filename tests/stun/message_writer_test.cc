#include "mediacore/stun/message_writer.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "../support/stun_vectors.h"
#include "../support/toy_hash.h"

namespace mediacore::stun {
namespace {

using testing::TextBytes;
constexpr testing::ToyHash kHmac{3};
constexpr TransactionId kId{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};

constexpr std::size_t SizeOfAPing() {
  std::array<std::uint8_t, 64> out{};
  MessageWriter writer(out, MessageClass::kIndication, Method::kBinding, kId);
  writer.AddFingerprint();
  const auto message = MessageView::Parse(writer.message());
  return message && message->transaction_id() == kId && VerifyFingerprint(*message) == Verdict::kValid ? message->size()
                                                                                                       : 0;
}
static_assert(SizeOfAPing() == 28);

// Everything once; false when it did not fit.
template <typename EachStep>
bool WriteAll(MutableBytes out, EachStep&& each_step) {
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  each_step(writer);
  writer.Add(Username{TextBytes("user:peer")});
  each_step(writer);
  writer.Add(UseCandidate{});
  each_step(writer);
  writer.Add(static_cast<AttributeType>(0xcafe), TextBytes("ab"));
  each_step(writer);
  writer.AddMessageIntegrity(kHmac);
  each_step(writer);
  writer.AddMessageIntegritySha256(kHmac);
  each_step(writer);
  writer.AddFingerprint();
  each_step(writer);
  return writer.ok();
}

TEST(StunMessageWriterTest, AfterEachStepTheBytesAreAMessage) {
  std::array<std::uint8_t, 256> out{};
  std::vector<std::size_t> sizes;
  EXPECT_TRUE(WriteAll(out, [&](const MessageWriter& writer) {
    const auto message = MessageView::Parse(writer.message());
    ASSERT_TRUE(message);
    EXPECT_EQ(message->transaction_id(), kId);
    sizes.push_back(message->size());
  }));
  EXPECT_EQ(sizes, (std::vector<std::size_t>{20, 36, 40, 48, 72, 108, 116}));
}

TEST(StunMessageWriterTest, WhatDoesNotFitWritesNothingAndStaysSo) {
  for (std::size_t room = 0; room <= 116; ++room) {
    std::vector<std::uint8_t> out(room + 8, 0xee);
    EXPECT_EQ(WriteAll(MutableBytes(out).first(room), [](const MessageWriter&) {}), room == 116) << room;
    const auto behind = Bytes(out).subspan(room);
    EXPECT_TRUE(std::ranges::all_of(behind, [](int b) { return b == 0xee; }));
  }
  std::vector<std::uint8_t> out(40, 0xee);
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  const auto before = out;
  writer.Add(Username{TextBytes("a name that is too long")});
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(out, before);
  writer.Add(UseCandidate{});
  EXPECT_EQ(out, before) << "no message with a hole";
  EXPECT_TRUE(writer.message().empty());
}

TEST(StunMessageWriterTest, TheLargestMessageHasALengthOf65532) {
  const std::vector<std::uint8_t> data(0xfff8, 1);
  std::vector<std::uint8_t> out(80'000);
  MessageWriter writer(out, MessageClass::kIndication, Method::kSend, kId);
  writer.Add(Data{data});
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(writer.message().size(), 20u + 65532u);
  EXPECT_TRUE(MessageView::Parse(writer.message()));
  writer.Add(UseCandidate{});
  EXPECT_FALSE(writer.ok());
}

// What a writer in this state may still add.
enum class Step { kAttribute, kSha1, kSha256, kFingerprint };
void Do(MessageWriter& writer, Step step) {
  switch (step) {
    case Step::kAttribute: writer.Add(UseCandidate{}); break;
    case Step::kSha1: writer.AddMessageIntegrity(kHmac); break;
    case Step::kSha256: writer.AddMessageIntegritySha256(kHmac); break;
    case Step::kFingerprint: writer.AddFingerprint(); break;
  }
}

TEST(StunMessageWriterTest, TagsComeInTheirOrderAndOnceAndAttributesBeforeThem) {
  for (int first = 0; first < 4; ++first) {
    for (int second = 0; second < 4; ++second) {
      std::array<std::uint8_t, 128> out{};
      MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
      Do(writer, static_cast<Step>(first));
      ASSERT_TRUE(writer.ok());
      Do(writer, static_cast<Step>(second));
      EXPECT_EQ(writer.ok(), second > first || (first == 0 && second == 0)) << first << ' ' << second;
    }
  }
}

TEST(StunMessageWriterTest, ATagIsNotWrittenAsPlainBytesNorOfAnotherSize) {
  std::array<std::uint8_t, 128> out{};
  for (const auto type : {AttributeType::kMessageIntegrity, AttributeType::kMessageIntegritySha256,
                          AttributeType::kFingerprint}) {
    MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
    writer.Add(type, TextBytes("abcd"));
    EXPECT_FALSE(writer.ok());
  }
  for (std::size_t size = 0; size <= 40; ++size) {
    MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
    writer.AddMessageIntegritySha256(kHmac, size);
    EXPECT_EQ(writer.ok(), size >= 16 && size <= 32 && size % 4 == 0) << size;
  }
}

TEST(StunMessageWriterTest, AHashThatFailsSpoilsTheMessage) {
  std::array<std::uint8_t, 128> out{};
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  writer.AddMessageIntegrity([](std::span<const Bytes>, MutableBytes) { return false; });
  EXPECT_FALSE(writer.ok());
}

TEST(StunMessageWriterTest, ValuesThatCannotBeWrittenSpoilTheMessage) {
  std::array<std::uint8_t, 128> out{};
  MessageWriter writer(out, MessageClass::kRequest, Method::kAllocate, kId);
  writer.Add(Lifetime{TimeDelta::Millis(1)});
  EXPECT_FALSE(writer.ok());
  const MessageWriter method(out, MessageClass::kRequest, static_cast<Method>(0x1000), kId);
  EXPECT_FALSE(method.ok());
}

TEST(StunMessageWriterTest, PaddingIsZero) {
  std::array<std::uint8_t, 64> out{};
  out.fill(0xee);
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  writer.Add(Username{TextBytes("x")});
  EXPECT_EQ((std::vector<int>(out.begin() + 24, out.begin() + 29)), (std::vector<int>{'x', 0, 0, 0, 0xee}));
}

TEST(StunMessageWriterTest, NothingPlainFollowsTheTagOfGoogPing) {
  std::array<std::uint8_t, 64> out{};
  MessageWriter writer(out, MessageClass::kRequest, Method::kGoogPing, kId);
  writer.AddGoogMessageIntegrity32(kHmac);
  EXPECT_TRUE(writer.ok());
  writer.Add(UseCandidate{});
  EXPECT_FALSE(writer.ok());
  MessageWriter raw(out, MessageClass::kRequest, Method::kGoogPing, kId);
  raw.Add(AttributeType::kGoogMessageIntegrity32, TextBytes("abcd"));
  EXPECT_FALSE(raw.ok());
}

}  // namespace
}  // namespace mediacore::stun
