#include "mediacore/segment/track_input.h"

#include <vector>

#include <gtest/gtest.h>

#include "source.h"

namespace mediacore::segment {
namespace {

TrackInput Video(Codec codec = Codec::kH264) {
  return TrackInput({.codec = codec,
                     .max_frame_bytes = 10'000,
                     .max_bytes = 40'000,
                     .max_samples = 64,
                     .frame_ticks = 3000});
}
Timestamp At(std::uint32_t n) { return Timestamp::Millis(40 * n); }
RtpTimestamp Rtp(std::uint32_t n) { return RtpTimestamp(3600 * n); }

TEST(TrackInputTest, ParameterSetsAndDelimitersLeaveTheFrameForTheFormat) {
  TrackInput input = Video();
  testing::FrameMaker maker;
  const auto frame = maker.Picture(Rtp(0), true, 100);
  std::vector<std::uint8_t> bytes = {0, 0, 0, 2, 9, 0xf0};  // a delimiter first
  bytes.insert(bytes.end(), frame.data.begin(), frame.data.end());
  auto with_delimiter = frame;
  with_delimiter.data = bytes;
  EXPECT_EQ(input.HandleFrame(At(0), with_delimiter), Intake::kStored);
  EXPECT_EQ(input.queue().front().size, 104u);
  EXPECT_EQ(input.queue().data(0)[4], 0x65);
  EXPECT_TRUE(input.queue().front().new_format);
  input.ActivateFormat();
  EXPECT_EQ(input.format().width, 320);
  EXPECT_FALSE(input.format().config().empty());
}

TEST(TrackInputTest, DecodingBeginsAtAKeyFrameWithItsParameterSets) {
  TrackInput input = Video();
  testing::FrameMaker maker;
  EXPECT_EQ(input.HandleFrame(At(0), maker.Picture(Rtp(0), false)), Intake::kBeforeKeyFrame);
  auto bare = maker.Picture(Rtp(1), false);
  bare.key_frame = true;
  EXPECT_EQ(input.HandleFrame(At(1), bare), Intake::kBeforeKeyFrame);
  EXPECT_EQ(input.HandleFrame(At(2), maker.Picture(Rtp(2), true)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(3), maker.Picture(Rtp(3), false)), Intake::kStored);
}

TEST(TrackInputTest, SetsKnownBeforehandAreEnough) {
  TrackInput input = Video();
  input.AddParameterSet(testing::kSps240);
  input.AddParameterSet(testing::kPps240);
  testing::FrameMaker maker;
  auto bare = maker.Picture(Rtp(0), false);
  bare.key_frame = true;
  EXPECT_EQ(input.HandleFrame(At(0), bare), Intake::kStored);
}

TEST(TrackInputTest, FramesThatComeTwiceOrTooLateAreLate) {
  TrackInput input = Video();
  testing::FrameMaker maker;
  EXPECT_EQ(input.HandleFrame(At(5), maker.Picture(Rtp(5), true)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(6), maker.Picture(Rtp(4), false)), Intake::kLate);
  EXPECT_EQ(input.HandleFrame(At(6), maker.Picture(Rtp(6), false)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(6), maker.Picture(Rtp(6), false)), Intake::kLate);
}

TEST(TrackInputTest, LengthsThatLieAndFramesWithoutAPictureAreMalformed) {
  TrackInput input = Video();
  testing::FrameMaker maker;
  auto frame = maker.Picture(Rtp(0), true);
  frame.data = frame.data.first(frame.data.size() - 1);
  EXPECT_EQ(input.HandleFrame(At(0), frame), Intake::kMalformed);
  const std::vector<std::uint8_t> sei = {0, 0, 0, 2, 6, 5};
  frame.data = sei;
  EXPECT_EQ(input.HandleFrame(At(0), frame), Intake::kMalformed);
}

TEST(TrackInputTest, WithoutRoomPicturesAreLeftOutUntilTheNextKeyFrame) {
  TrackInput input = Video();
  testing::FrameMaker maker;
  EXPECT_EQ(input.HandleFrame(At(0), maker.Picture(Rtp(0), true)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(1), maker.Picture(Rtp(1), false, 20'000)), Intake::kOverflow);
  EXPECT_EQ(input.HandleFrame(At(2), maker.Picture(Rtp(2), false)), Intake::kBeforeKeyFrame);
  EXPECT_EQ(input.HandleFrame(At(3), maker.Picture(Rtp(3), true)), Intake::kStored);
}

// A GOP that is open: decoded 8, 12, 9, 10, 11, 16, shown 8 to 16.
TEST(TrackInputTest, PicturesShownBeforeTheKeyFrameThatTheyFollowAreNotLate) {
  TrackInput input = Video(Codec::kH265);
  testing::FrameMaker maker;
  EXPECT_EQ(input.HandleFrame(At(4), maker.H265(Rtp(4), 19)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(5), maker.H265(Rtp(8), 1)), Intake::kStored);
  EXPECT_EQ(input.unsettled(), 0u);
  EXPECT_EQ(input.HandleFrame(At(8), maker.H265(Rtp(12), 21)), Intake::kStored);
  EXPECT_EQ(input.unsettled(), 1u);
  EXPECT_EQ(input.HandleFrame(At(9), maker.H265(Rtp(9), 8)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(10), maker.H265(Rtp(8), 8)), Intake::kLate);
  EXPECT_EQ(input.HandleFrame(At(10), maker.H265(Rtp(12), 8)), Intake::kLate);
  EXPECT_EQ(input.HandleFrame(At(10), maker.H265(Rtp(10), 8)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(11), maker.H265(Rtp(11), 8)), Intake::kStored);
  EXPECT_EQ(input.unsettled(), 4u);
  EXPECT_TRUE(input.queue().back().leading);
  EXPECT_EQ(input.HandleFrame(At(12), maker.H265(Rtp(16), 1)), Intake::kStored);
  EXPECT_EQ(input.unsettled(), 0u);
  EXPECT_FALSE(input.queue().back().leading);
}

TEST(TrackInputTest, DecodingDoesNotBeginWithPicturesShownBeforeTheFirstKeyFrame) {
  TrackInput input = Video(Codec::kH265);
  testing::FrameMaker maker;
  EXPECT_EQ(input.HandleFrame(At(12), maker.H265(Rtp(12), 21)), Intake::kStored);
  for (std::uint32_t n = 9; n < 12; ++n) {
    EXPECT_EQ(input.HandleFrame(At(12), maker.H265(Rtp(n), 8)), Intake::kBeforeKeyFrame);
  }
  EXPECT_EQ(input.HandleFrame(At(13), maker.H265(Rtp(16), 1)), Intake::kStored);
  EXPECT_EQ(input.queue().size(), 2u);
  // Nor again after a picture that found no room.
  EXPECT_EQ(input.HandleFrame(At(17), maker.H265(Rtp(17), 1, 20'000)), Intake::kOverflow);
  EXPECT_EQ(input.HandleFrame(At(18), maker.H265(Rtp(21), 21)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(19), maker.H265(Rtp(20), 8)), Intake::kBeforeKeyFrame);
  EXPECT_EQ(input.HandleFrame(At(20), maker.H265(Rtp(25), 21)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(21), maker.H265(Rtp(24), 8)), Intake::kStored);
}

TEST(TrackInputTest, AFormatThatIsReplacedBeforeItWasUsedIsGivenUp) {
  TrackInput input = Video();
  testing::FrameMaker maker;
  EXPECT_EQ(input.HandleFrame(At(0), maker.Picture(Rtp(0), true, 100, 0)), Intake::kStored);
  input.ActivateFormat();
  input.queue().ClearNewFormat();
  EXPECT_EQ(input.HandleFrame(At(1), maker.Picture(Rtp(1), true, 100, 1)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(2), maker.Picture(Rtp(2), false, 100, 1)), Intake::kStored);
  EXPECT_EQ(input.HandleFrame(At(3), maker.Picture(Rtp(3), true, 100, 2)), Intake::kStored);
  EXPECT_EQ(input.given_up(), 2u);
  EXPECT_EQ(input.queue().size(), 2u);
  input.ActivateFormat();
  EXPECT_EQ(input.format().width, 640);
}

}  // namespace
}  // namespace mediacore::segment
