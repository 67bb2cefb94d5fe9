#include "mediacore/codec/frame_depacketizer.h"

#include <gtest/gtest.h>

#include "mediacore/codec/depacketizer.h"

namespace mediacore::codec {
namespace {

enum class ToyError : std::uint8_t { kNone, kBad };

// A frame is bytes from 'b' to 'e'; '!' is no payload, '-' no picture, '?' more
// than was sent.
struct ToyFormat {
  using Error = ToyError;
  static constexpr Codec kCodec = Codec::kVp8;
  static constexpr std::size_t kErrors = 2;
  static constexpr Error Check(Bytes payload) { return payload[0] == '!' ? Error::kBad : Error::kNone; }
  constexpr bool CanBeHead(Bytes payload) const { return payload[0] == 'b'; }
  constexpr void Begin() { last = 0; }
  constexpr Error Append(Bytes payload, FrameRoom& room) {
    last = payload.back();
    static_cast<void>(room.Append(payload));
    return Error::kNone;
  }
  constexpr bool IsClosed() const { return last == 'e'; }
  constexpr FrameEnd Finish(FrameRoom& room, bool, EncodedFrame& about) {
    if (last == '-') return FrameEnd::kNoPicture;
    if (last == '?') static_cast<void>(room.Grow(1000));
    about.key_frame = last == 'e';
    return last == 'e' || last == '?' ? FrameEnd::kWhole : FrameEnd::kIncomplete;
  }
  std::uint8_t last = 0;
};
using Toy = FrameDepacketizer<ToyFormat>;
static_assert(Depacketizer<Toy>);

constexpr auto kBegin = std::to_array<std::uint8_t>({'b', 'x'});
constexpr auto kMiddle = std::to_array<std::uint8_t>({'m'});
constexpr auto kEnd = std::to_array<std::uint8_t>({'z', 'e'});
constexpr auto kWhole = std::to_array<std::uint8_t>({'b', 'e'});
constexpr auto kBad = std::to_array<std::uint8_t>({'!'});

constexpr bool IsConstantExpression() {
  std::array<std::uint8_t, 16> storage{};
  Toy toy(storage);
  if (toy.HandlePacket({RtpTimestamp(1), false, false, kBegin}) != ToyError::kNone) return false;
  if (toy.HandlePacket({RtpTimestamp(1), true, false, kEnd}) != ToyError::kNone) return false;
  EncodedFrame frame;
  return toy.PollFrame(frame) && frame.data.size() == 4 && frame.data[2] == 'z' && !toy.PollFrame(frame);
}
static_assert(IsConstantExpression());

class FrameDepacketizerTest : public ::testing::Test {
 protected:
  // How many frames came of it; of these, how many told a loss is added to `losses_`.
  int Push(Bytes payload, std::uint32_t timestamp, bool marker = false, bool lost_before = false) {
    toy_.HandlePacket({RtpTimestamp(timestamp), marker, lost_before, payload});
    return Poll();
  }
  int Poll() {
    int frames = 0;
    for (EncodedFrame frame; toy_.PollFrame(frame); ++frames) losses_ += frame.lost_before ? 1 : 0;
    return frames;
  }
  std::array<std::uint8_t, 16> storage_{};
  Toy toy_{storage_};
  int losses_ = 0;
};

TEST_F(FrameDepacketizerTest, TheFirstFrameOfAStreamTellsNoLoss) {
  EXPECT_EQ(Push(kWhole, 1, true), 1);
  EXPECT_EQ(losses_, 0);
}

TEST_F(FrameDepacketizerTest, ALossIsToldOnceHoweverManyPacketsAndFramesItTook) {
  Push(kWhole, 1, true);
  Push(kBegin, 2);
  Push(kEnd, 2, true, true);            // something of 2 is lost
  EXPECT_EQ(Push(kEnd, 3, true, true), 0);  // and the head of 3
  EXPECT_EQ(Push(kBad, 4, true), 0);        // and 4 is spoilt
  EXPECT_EQ(toy_.counters().dropped_incomplete, 3u);
  EXPECT_EQ(Push(kWhole, 5, true), 1);
  EXPECT_EQ(losses_, 1);
  EXPECT_EQ(Push(kWhole, 6, true), 1);
  EXPECT_EQ(losses_, 1);
  EXPECT_EQ(Push(kWhole, 7, true, true), 1);  // between two frames
  EXPECT_EQ(losses_, 2);
}

TEST_F(FrameDepacketizerTest, OfTwoFramesThatEndWithOnePacketTheFirstTellsTheLoss) {
  Push(kBegin, 1, false, true);
  Push(kEnd, 1);
  EXPECT_EQ(Push(kWhole, 2, true), 2);
  EXPECT_EQ(losses_, 1);
}

TEST_F(FrameDepacketizerTest, AFrameAboveTheStorageIsDroppedOnceAndTheNextOneFits) {
  Push(kBegin, 1);
  for (int i = 0; i < 20; ++i) Push(kMiddle, 1);
  EXPECT_EQ(Push(kEnd, 1, true), 0);
  EXPECT_EQ(toy_.counters().dropped_too_large, 1u);
  EXPECT_EQ(Push(kWhole, 2, true), 1);
  EXPECT_EQ(losses_, 1);
}

TEST_F(FrameDepacketizerTest, WhatAFormatPutsBehindAFrameCountsToo) {
  constexpr auto kMore = std::to_array<std::uint8_t>({'b', '?'});
  EXPECT_EQ(Push(kMore, 1, true), 0);
  EXPECT_EQ(toy_.counters().dropped_too_large, 1u);
  EXPECT_EQ(toy_.counters().frames, 0u);
  EXPECT_EQ(Push(kWhole, 2, true), 1);
}

TEST_F(FrameDepacketizerTest, AFrameWithoutPictureIsNoLoss) {
  constexpr auto kSets = std::to_array<std::uint8_t>({'b', '-'});
  EXPECT_EQ(Push(kSets, 1, true), 0);
  EXPECT_EQ(Push(kWhole, 2, true), 1);
  EXPECT_EQ(losses_, 0);
  EXPECT_EQ(toy_.counters().without_picture, 1u);
}

TEST_F(FrameDepacketizerTest, AtTheEndAFrameThatIsClosedComesOutAndAnotherIsDropped) {
  Push(kWhole, 1);
  toy_.Flush();
  EXPECT_EQ(Poll(), 1);
  Push(kBegin, 2);
  toy_.Flush();
  EXPECT_EQ(Poll(), 0);
  EXPECT_EQ(toy_.counters().dropped_incomplete, 1u);
  EXPECT_EQ(Push(kEnd, 3, true), 0);  // after Flush() a frame begins with its head
}

TEST_F(FrameDepacketizerTest, FramesThatNobodyPolledAreCounted) {
  toy_.HandlePacket({RtpTimestamp(1), true, false, kWhole});
  toy_.HandlePacket({RtpTimestamp(2), true, false, kWhole});
  EXPECT_EQ(Poll(), 1);
  EXPECT_EQ(toy_.counters().not_polled, 1u);
}

TEST_F(FrameDepacketizerTest, ALossThatNobodyPolledIsToldByTheNextFrame) {
  Push(kWhole, 1, true);
  toy_.HandlePacket({RtpTimestamp(2), true, true, kWhole});
  EXPECT_EQ(Push(kWhole, 3, true), 1);
  EXPECT_EQ(losses_, 1);
  EXPECT_EQ(Push(kWhole, 4, true), 1);
  EXPECT_EQ(losses_, 1);
}

}  // namespace
}  // namespace mediacore::codec
