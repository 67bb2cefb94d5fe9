#include "mediacore/segment/format_tracker.h"

#include <vector>

#include <gtest/gtest.h>

#include "source.h"

namespace mediacore::segment {
namespace {

using testing::kAv1Sequence240;

using Buffer = std::vector<std::uint8_t>;

// What of the frame goes into a sample.
Buffer Sample(const FormatTracker& tracker, Bytes frame, bool keeps_sets = false) {
  Buffer out(frame.size());
  out.resize(tracker.CopySample(frame, keeps_sets, out.data()));
  return out;
}

TEST(FormatTrackerTest, H264SaysItsFormatInParameterSets) {
  FormatTracker tracker(Codec::kH264);
  testing::FrameMaker maker;
  EXPECT_TRUE(tracker.Look(maker.Picture(RtpTimestamp(0), false)));
  EXPECT_FALSE(tracker.complete());
  EXPECT_TRUE(tracker.Look(maker.Picture(RtpTimestamp(0), true, 100, 2)));
  ASSERT_TRUE(tracker.complete());
  VideoFormat format;
  ASSERT_TRUE(tracker.Describe(format));
  EXPECT_EQ(format.codec_string.view(), "avc1.64001e");
  EXPECT_EQ(format.width, 640);
  EXPECT_EQ(format.height, 360);
  EXPECT_EQ(format.frame_rate, Frequency::Hertz(25));
  EXPECT_EQ(format.config()[1], 0x64);  // avcC
  EXPECT_TRUE(tracker.reorders());
}

TEST(FormatTrackerTest, H265SaysItsFormatInParameterSets) {
  FormatTracker tracker(Codec::kH265);
  testing::FrameMaker maker;
  EXPECT_TRUE(tracker.Look(maker.H265(RtpTimestamp(0), 1)));
  EXPECT_FALSE(tracker.complete());
  const auto frame = maker.H265(RtpTimestamp(0), 21, 100);
  EXPECT_TRUE(tracker.Look(frame));
  ASSERT_TRUE(tracker.complete());
  VideoFormat format;
  ASSERT_TRUE(tracker.Describe(format));
  EXPECT_EQ(format.codec_string.view(), "hvc1.1.6.L60.90");
  EXPECT_EQ(format.width, 320);
  EXPECT_EQ(format.height, 240);
  EXPECT_EQ(format.frame_rate, Frequency::Hertz(25));
  EXPECT_TRUE(codec::HvccView::Parse(format.config()));
  EXPECT_EQ(Sample(tracker, frame.data).size(), 104u);
  EXPECT_TRUE(tracker.reorders());
  EXPECT_TRUE(tracker.has_leading());
}

TEST(FormatTrackerTest, Av1SaysItsFormatInTheSequenceHeaderWhichStays) {
  FormatTracker tracker(Codec::kAv1);
  testing::FrameMaker maker;
  EXPECT_TRUE(tracker.Look(maker.Av1(RtpTimestamp(0), false)));
  EXPECT_FALSE(tracker.complete());
  auto frame = maker.Av1(RtpTimestamp(0), true);
  EXPECT_TRUE(tracker.Look(frame));
  ASSERT_TRUE(tracker.complete());
  VideoFormat format;
  ASSERT_TRUE(tracker.Describe(format));
  EXPECT_EQ(format.codec_string.view(), "av01.0.00M.08");
  EXPECT_EQ(format.width, 320);
  EXPECT_EQ(format.height, 240);
  EXPECT_TRUE(codec::Av1ConfigView::Parse(format.config()));
  EXPECT_FALSE(tracker.reorders());
  Buffer with = {0x12, 0, 0x7a, 1, 0x80};  // a delimiter, padding
  with.insert(with.end(), frame.data.begin(), frame.data.end());
  EXPECT_EQ(Sample(tracker, with), Buffer(frame.data.begin(), frame.data.end()));
}

TEST(FormatTrackerTest, AnotherSequenceHeaderOfAv1IsAnotherFormat) {
  FormatTracker tracker(Codec::kAv1);
  testing::FrameMaker maker;
  EXPECT_TRUE(tracker.Look(maker.Av1(RtpTimestamp(0), true)));
  EXPECT_TRUE(tracker.Look(maker.Av1(RtpTimestamp(1), true)));
  EXPECT_EQ(tracker.generation(), 1u);
  EXPECT_TRUE(tracker.Look(maker.Av1(RtpTimestamp(2), true, 100, true)));
  EXPECT_EQ(tracker.generation(), 2u);
  VideoFormat format;
  ASSERT_TRUE(tracker.Describe(format));
  EXPECT_EQ(format.width, 160);
}

TEST(FormatTrackerTest, Av1WithoutAFrameOrWithSizesThatLieIsMalformed) {
  FormatTracker tracker(Codec::kAv1);
  testing::FrameMaker maker;
  auto frame = maker.Av1(RtpTimestamp(0), true);
  frame.data = frame.data.first(frame.data.size() - 1);
  EXPECT_FALSE(tracker.Look(frame));
  frame.data = kAv1Sequence240;
  EXPECT_FALSE(tracker.Look(frame));
}

TEST(FormatTrackerTest, Vp9SaysItsFormatInKeyFramesWhichStayWhole) {
  FormatTracker tracker(Codec::kVp9);
  testing::FrameMaker maker;
  EXPECT_TRUE(tracker.Look(maker.Vp9(RtpTimestamp(0), false)));
  EXPECT_FALSE(tracker.complete());
  const auto frame = maker.Vp9(RtpTimestamp(0), true);
  EXPECT_TRUE(tracker.Look(frame));
  ASSERT_TRUE(tracker.complete());
  VideoFormat format;
  ASSERT_TRUE(tracker.Describe(format));
  EXPECT_EQ(format.codec_string.view(), "vp09.00.20.08");
  EXPECT_EQ(format.width, 320);
  EXPECT_EQ(format.height, 240);
  EXPECT_EQ(format.colour.transfer, 1);
  EXPECT_TRUE(codec::VpConfig::Parse(format.config()));
  EXPECT_EQ(Sample(tracker, frame.data), Buffer(frame.data.begin(), frame.data.end()));
  EXPECT_FALSE(tracker.reorders());
}

TEST(FormatTrackerTest, OfSeveralSpatialLayersOfVp9TheHighestHasTheSize) {
  testing::FrameMaker maker;
  Buffer picture;
  std::vector<std::uint32_t> sizes;
  for (const bool small : {true, false}) {
    const auto layer = maker.Vp9(RtpTimestamp(0), true, 500, small);
    picture.insert(picture.end(), layer.data.begin(), layer.data.end());
    sizes.push_back(static_cast<std::uint32_t>(layer.data.size()));
  }
  const codec::Vp9SuperframeIndexWriter index{sizes};
  const std::size_t at = picture.size();
  picture.resize(at + index.WireSize());
  ASSERT_TRUE(index.Write(MutableBytes(picture).subspan(at)));
  FormatTracker tracker(Codec::kVp9);
  EXPECT_TRUE(tracker.Look({.codec = Codec::kVp9, .rtp_timestamp = {}, .key_frame = true, .data = picture}));
  VideoFormat format;
  ASSERT_TRUE(tracker.Describe(format));
  EXPECT_EQ(format.width, 320);
}

TEST(FormatTrackerTest, ALevelIsNamedAlsoForPicturesLargerThanAnyLevel) {
  codec::Vp9FrameHeader header;
  header.key_frame = header.show_frame = true;
  header.width = header.height = header.render_width = header.render_height = 65'536;
  Buffer frame(100, 0x55);
  mediacore::testing::WriteVp9Header(header, frame);
  FormatTracker tracker(Codec::kVp9);
  EXPECT_TRUE(tracker.Look({.codec = Codec::kVp9, .rtp_timestamp = {}, .key_frame = true, .data = frame}));
  VideoFormat format;
  ASSERT_TRUE(tracker.Describe(format));
  EXPECT_EQ(format.codec_string.view(), "vp09.00.62.08");
  EXPECT_EQ(format.width, 65'535);
}

TEST(FormatTrackerTest, WhatIsNoFrameOfVp9IsMalformed) {
  FormatTracker tracker(Codec::kVp9);
  const Buffer noise(40, 0x11);
  EXPECT_FALSE(tracker.Look({.codec = Codec::kVp9, .rtp_timestamp = {}, .data = noise}));
  testing::FrameMaker maker;
  auto frame = maker.Vp9(RtpTimestamp(0), false);
  frame.key_frame = true;  // it says that it is none
  EXPECT_FALSE(tracker.Look(frame));
}

TEST(FormatTrackerTest, TheGenerationRisesWithWhatIsNewAlone) {
  FormatTracker tracker(Codec::kH264);
  testing::FrameMaker maker;
  EXPECT_TRUE(tracker.Look(maker.Picture(RtpTimestamp(0), true, 100, 0)));
  const std::uint32_t first = tracker.generation();
  EXPECT_TRUE(tracker.Look(maker.Picture(RtpTimestamp(1), true, 100, 0)));
  EXPECT_EQ(tracker.generation(), first);
  EXPECT_TRUE(tracker.Look(maker.Picture(RtpTimestamp(2), true, 100, 1)));
  EXPECT_GT(tracker.generation(), first);
}

TEST(FormatTrackerTest, ParameterSetsStayInASampleOnlyWhereNothingElseHasThem) {
  FormatTracker tracker(Codec::kH264);
  testing::FrameMaker maker;
  const auto frame = maker.Picture(RtpTimestamp(0), true, 100);
  EXPECT_TRUE(tracker.Look(frame));
  const Buffer all = Sample(tracker, frame.data, true);
  EXPECT_TRUE(std::equal(all.begin(), all.end(), frame.data.begin(), frame.data.end()));
  EXPECT_EQ(Sample(tracker, frame.data).size(), 104u);
  EXPECT_EQ(Sample(tracker, frame.data)[4], 0x65);
}

}  // namespace
}  // namespace mediacore::segment
