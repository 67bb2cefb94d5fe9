#include "mediacore/mux/pes.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::mux {
namespace {

using Header = std::array<std::uint8_t, PesHeaderWriter::kMaxSize>;

TEST(PesTest, AHeaderIsTheBytesOfTheStandard) {
  // Video, PTS 126000 and DTS 121500 as ffmpeg writes them.
  Header bytes{};
  EXPECT_EQ(PesHeaderWriter(kPesVideo, 126'000, 121'500).Write(70'000, bytes), 19u);
  EXPECT_EQ(bytes, (Header{0, 0, 1, 0xe0, 0, 0, 0x84, 0xc0, 10, 0x31, 0x00, 0x07, 0xd8, 0x61, 0x11,
                           0x00, 0x07, 0xb5, 0x39}));
}

TEST(PesTest, EveryBitOfATimeReadsBack) {
  for (int bit = 0; bit < 33; ++bit) {
    const std::int64_t time = std::int64_t{1} << bit;
    Header bytes{};
    const PesHeaderWriter writer(kPesAudio, time, time ^ 1);
    ASSERT_EQ(writer.Write(100, bytes), writer.WireSize());
    const auto view = PesHeaderView::Parse(bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->pts(), time);
    EXPECT_EQ(view->dts(), time ^ 1);
    EXPECT_EQ(view->stream_id(), kPesAudio);
    EXPECT_TRUE(view->has_payload_size());
    EXPECT_EQ(view->payload_size(), 100u);
  }
}

TEST(PesTest, EqualTimesAreSaidOnceAndTimesWrapAtThirtyThreeBits) {
  Header bytes{};
  const std::int64_t time = (std::int64_t{1} << 33) + 5;
  ASSERT_EQ(PesHeaderWriter(kPesVideo, time, time).Write(0, bytes), 14u);
  const auto view = PesHeaderView::Parse(bytes);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->pts(), 5);
  EXPECT_EQ(view->dts(), 5);
  EXPECT_EQ(view->size(), 14u);
}

TEST(PesTest, APacketTooLongForItsFieldDoesNotSay) {
  Header bytes{};
  ASSERT_EQ(PesHeaderWriter(kPesVideo, 1, 1).Write(65'535 - 8, bytes), 14u);
  EXPECT_TRUE(PesHeaderView::Parse(bytes)->has_payload_size());
  EXPECT_EQ(PesHeaderView::Parse(bytes)->payload_size(), 65'535u - 8);
  ASSERT_EQ(PesHeaderWriter(kPesVideo, 1, 1).Write(65'535 - 7, bytes), 14u);
  EXPECT_FALSE(PesHeaderView::Parse(bytes)->has_payload_size());
}

TEST(PesTest, EachCauseOfRefusalHasItsName) {
  using V = std::vector<std::uint8_t>;
  const auto error = [](const V& bytes) { return PesHeaderView::Parse(bytes).error(); };
  EXPECT_EQ(error({0, 0, 1, 0xe0, 0, 0, 0x80, 0}), PesError::kTooShort);
  EXPECT_EQ(error({0, 0, 2, 0xe0, 0, 0, 0x80, 0, 0}), PesError::kBadPrefix);
  EXPECT_EQ(error({0, 0, 1, 0xbe, 0, 0, 0x80, 0, 0}), PesError::kBadPrefix);
  EXPECT_EQ(error({0, 0, 1, 0xe0, 0, 0, 0x40, 0, 0}), PesError::kBadMarker);
  EXPECT_EQ(error({0, 0, 1, 0xe0, 0, 0, 0x80, 0, 1}), PesError::kTruncated);
  EXPECT_EQ(error({0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 4, 0, 0, 0, 0}), PesError::kBadTimes);
  EXPECT_EQ(error({0, 0, 1, 0xe0, 0, 0, 0x80, 0x40, 5, 0, 0, 0, 0, 0}), PesError::kBadTimes);
  EXPECT_EQ(error({0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 5, 0, 0, 0, 0, 0}), PesError::kBadTimes);
  EXPECT_EQ(ToString(PesError::kBadTimes), "pes: no room for the times");
}

TEST(PesTest, AHeaderWithoutTimesIsOne) {
  const std::vector<std::uint8_t> bytes = {0, 0, 1, 0xe0, 0, 3, 0x80, 0, 0};
  const auto view = PesHeaderView::Parse(bytes);
  ASSERT_TRUE(view);
  EXPECT_FALSE(view->has_pts());
  EXPECT_EQ(view->payload_size(), 0u);
}

}  // namespace
}  // namespace mediacore::mux
