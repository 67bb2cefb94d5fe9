#include "mediacore/rtmp/message.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtmp {
namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr bool EachNumberComesBack() {
  std::array<std::uint8_t, 4> out{};
  return SetChunkSize{{60'000}}.Write(out) && SetChunkSize::Parse(out)->chunk_size() == 60'000 &&
         Abort{{7}}.Write(out) && Abort::Parse(out)->value == 7 &&  //
         Acknowledgement{{0xffffffff}}.Write(out) && Acknowledgement::Parse(out)->value == 0xffffffff &&
         WindowAcknowledgementSize{{2'500'000}}.Write(out) && WindowAcknowledgementSize::Parse(out)->value == 2'500'000;
}
static_assert(EachNumberComesBack());
static_assert(SetChunkSize::kType == MessageType::kSetChunkSize && Abort::kType == MessageType::kAbort);

template <typename T>
Buffer Written(const T& message) {
  Buffer out(message.WireSize(), 0xee);
  EXPECT_TRUE(message.Write(out));
  EXPECT_FALSE(message.Write(std::span(out).first(out.size() - 1)));
  return out;
}

TEST(MessageTest, EachCauseOfRefusalHasItsName) {
  for (std::size_t size = 0; size < 4; ++size) {
    const Buffer cut(size);
    EXPECT_EQ(SetChunkSize::Parse(cut).error(), ControlError::kTooShort);
    EXPECT_EQ(Abort::Parse(cut).error(), ControlError::kTooShort);
    EXPECT_EQ(Acknowledgement::Parse(cut).error(), ControlError::kTooShort);
    EXPECT_EQ(WindowAcknowledgementSize::Parse(cut).error(), ControlError::kTooShort);
    EXPECT_EQ(SetPeerBandwidth::Parse(cut).error(), ControlError::kTooShort);
    EXPECT_EQ(UserControl::Parse(cut).error(), ControlError::kTooShort);
  }
  EXPECT_EQ(SetChunkSize::Parse(Buffer(4)).error(), ControlError::kBadChunkSize);
  EXPECT_EQ(SetChunkSize::Parse(Buffer{0x80, 0, 0, 1}).error(), ControlError::kBadChunkSize);
  EXPECT_EQ(SetPeerBandwidth::Parse(Buffer(4)).error(), ControlError::kTooShort);
  EXPECT_EQ(SetPeerBandwidth::Parse(Buffer{0, 0, 0, 1, 3}).error(), ControlError::kBadLimitType);
  EXPECT_EQ(UserControl::Parse(Buffer{0, 3, 0, 0, 0, 1, 0, 0, 0}).error(), ControlError::kTooShort);
  EXPECT_EQ(ToString(ControlError::kBadLimitType), "rtmp control: bad limit type");
  EXPECT_EQ(ToString(ControlError::kTooShort), "rtmp control: too short");
  EXPECT_EQ(ToString(ControlError::kBadChunkSize), "rtmp control: bad chunk size");
}

TEST(MessageTest, AChunkIsNeverLargerThanAMessage) {
  EXPECT_EQ(SetChunkSize::Parse(Buffer{0x7f, 0xff, 0xff, 0xff})->chunk_size(), kMaxMessageSize);
  EXPECT_EQ(SetChunkSize::Parse(Buffer{0, 0, 0, 1})->chunk_size(), 1u);
}

TEST(MessageTest, PeerBandwidthHasThreeKinds) {
  using Limit = SetPeerBandwidth::Limit;
  for (const Limit limit : {Limit::kHard, Limit::kSoft, Limit::kDynamic}) {
    const Buffer bytes = Written(SetPeerBandwidth{2'500'000, limit});
    const auto back = SetPeerBandwidth::Parse(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->value, 2'500'000u);
    EXPECT_EQ(back->limit, limit);
  }
}

TEST(MessageTest, EventsOfUsersHaveTheirValues) {
  for (unsigned number = 0; number < 40; ++number) {
    const auto event = static_cast<UserControl::Event>(number);
    std::array<std::uint8_t, 8> data{};
    const Buffer bytes = Written(UserControl::Make(event, 5, 3000, data));
    const auto back = UserControl::Parse(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->event, event);
    const std::size_t size = UserControl::FieldSize(event);
    EXPECT_EQ(back->value(), size > 0 ? 5u : 0u);
    EXPECT_EQ(back->buffer_ms(), event == UserControl::Event::kSetBufferLength ? 3000u : 0u);
    EXPECT_EQ(ToString(event) == "unknown",
              number == 5 || (number > 7 && number < 26) || (number > 27 && number < 31) || number > 32);
  }
  const auto swf = UserControl::Parse(Buffer{0, 27, 1, 1, 0});
  ASSERT_TRUE(swf);
  EXPECT_EQ(swf->data.size(), 3u);
}

TEST(MessageTest, TypesHaveNames) {
  EXPECT_EQ(ToString(MessageType::kVideo), "video");
  EXPECT_EQ(ToString(MessageType::kCommandAmf0), "command, AMF0");
  EXPECT_EQ(ToString(static_cast<MessageType>(7)), "unknown");
}

}  // namespace
}  // namespace mediacore::rtmp
