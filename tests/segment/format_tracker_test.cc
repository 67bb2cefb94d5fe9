#include "mediacore/segment/format_tracker.h"

#include <vector>

#include <gtest/gtest.h>

#include "source.h"

namespace mediacore::segment {
namespace {

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
