#include "mediacore/codec/opus_head.h"

#include <vector>

#include <gtest/gtest.h>

#include "../support/h264_maker.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;
using enum OpusHeadError;

// What opusenc and ffmpeg write for stereo.
constexpr std::uint8_t kStereo[] = {'O',  'p',  'u',  's',  'H', 'e', 'a', 'd', 1, 2,
                                    0x38, 0x01, 0x80, 0xbb, 0,   0,   0,   0,   0};
static_assert(OpusHeadView::Parse(kStereo)->channels() == 2);
static_assert(OpusHeadView::Parse(kStereo)->pre_skip() == 312);
static_assert(OpusHeadView::Parse(kStereo)->input_sample_rate() == 48'000);
static_assert(OpusHeadView::Parse(kStereo)->stream_count() == 1);
static_assert(OpusHeadView::Parse(kStereo)->coupled_count() == 1);
static_assert(OpusHeadView::Parse(kStereo)->channel_mapping()[1] == 1);

// The same in MP4: big-endian, behind the header of its box.
constexpr std::uint8_t kDops[] = {0, 2, 0x01, 0x38, 0, 0, 0xbb, 0x80, 0xff, 0x00, 0};
static_assert(OpusHeadView::Parse(kDops, OpusHeadForm::kMp4)->pre_skip() == 312);
static_assert(OpusHeadView::Parse(kDops, OpusHeadForm::kMp4)->input_sample_rate() == 48'000);
static_assert(OpusHeadView::Parse(kDops, OpusHeadForm::kMp4)->output_gain() == -256);

TEST(OpusHeadTest, SurroundSaysItsStreams) {
  const Block mapping = {0, 4, 1, 2, 3, 5};
  const OpusHeadWriter writer{
      .mapping_family = 1, .channels = 6, .stream_count = 4, .coupled_count = 2, .mapping = mapping};
  for (const OpusHeadForm form : {OpusHeadForm::kOgg, OpusHeadForm::kMp4}) {
    Block wire(writer.WireSize(form));
    EXPECT_EQ(wire.size(), form == OpusHeadForm::kOgg ? 27u : 19u);
    ASSERT_TRUE(writer.Write(wire, form));
    const auto head = OpusHeadView::Parse(wire, form);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->mapping_family(), 1);
    EXPECT_EQ(head->stream_count(), 4);
    EXPECT_EQ(head->coupled_count(), 2);
    EXPECT_TRUE(std::ranges::equal(head->channel_mapping(), mapping));
    for (std::size_t size = 0; size < wire.size(); ++size) {
      const auto cut = OpusHeadView::Parse(Bytes(wire).first(size), form);
      ASSERT_FALSE(cut);
      EXPECT_EQ(cut.error(), kTruncated);
      EXPECT_FALSE(writer.Write(MutableBytes(wire).first(size), form));
    }
  }
}

TEST(OpusHeadTest, EachLieHasItsError) {
  const auto error = [](std::size_t at, int value) {
    Block wire = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 1, 2};
    wire[at] = static_cast<std::uint8_t>(value);
    const auto head = OpusHeadView::Parse(wire);
    return head ? OpusHeadError{255} : head.error();
  };
  EXPECT_EQ(error(0, 'O'), OpusHeadError{255});
  EXPECT_EQ(error(0, 'o'), kBadMagic);
  EXPECT_EQ(error(8, 0x10), kBadVersion);
  EXPECT_EQ(error(8, 0x0f), OpusHeadError{255});  // a later minor version
  EXPECT_EQ(error(18, 3), kBadFamily);
  EXPECT_EQ(error(9, 0), kBadChannels);
  EXPECT_EQ(error(9, 9), kBadChannels);
  EXPECT_EQ(error(18, 0), kBadChannels);  // three channels
  EXPECT_EQ(error(18, 2), OpusHeadError{255});
  EXPECT_EQ(error(9, 4), kTruncated);
  EXPECT_EQ(error(19, 0), kBadMapping);
  EXPECT_EQ(error(20, 3), kBadMapping);
  EXPECT_EQ(error(21, 3), kBadMapping);
  EXPECT_EQ(error(21, 255), OpusHeadError{255});  // silence
  EXPECT_EQ(OpusHeadView::Parse({}).error(), kTruncated);
  Block dops(kDops, kDops + sizeof kDops);
  dops[0] = 1;
  EXPECT_EQ(OpusHeadView::Parse(dops, OpusHeadForm::kMp4).error(), kBadVersion);
  for (int e = 0; e <= static_cast<int>(kBadMapping); ++e) {
    EXPECT_NE(ToString(static_cast<OpusHeadError>(e)), "opus head: unknown");
  }
}

TEST(OpusHeadTest, WhatIsWrittenReadsBackInEitherForm) {
  testing::Dice dice(5);
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t channels = 1 + dice.Below(dice.Chance(10) ? 255 : 8);
    Block mapping = dice.Block(channels);
    const auto streams = static_cast<std::uint8_t>(1 + dice.Below(200));
    const auto coupled = static_cast<std::uint8_t>(dice.Below(std::min<std::size_t>(streams + 1u, 256u - streams)));
    for (std::uint8_t& channel : mapping) channel = static_cast<std::uint8_t>(channel % (streams + coupled));
    const OpusHeadWriter writer{static_cast<std::uint16_t>(dice.Bits()),
                                static_cast<std::uint32_t>(dice.Bits()),
                                static_cast<std::int16_t>(dice.Bits()),
                                static_cast<std::uint8_t>(channels <= 2   ? 0
                                                          : channels <= 8 ? 1
                                                                          : 255),
                                static_cast<std::uint8_t>(channels),
                                streams,
                                coupled,
                                mapping};
    for (const OpusHeadForm form : {OpusHeadForm::kOgg, OpusHeadForm::kMp4}) {
      Block wire(writer.WireSize(form));
      ASSERT_TRUE(writer.Write(wire, form));
      const auto head = OpusHeadView::Parse(wire, form);
      ASSERT_TRUE(head);
      EXPECT_EQ(head->version(), form == OpusHeadForm::kOgg ? 1 : 0);
      EXPECT_EQ(head->channels(), writer.channels);
      EXPECT_EQ(head->pre_skip(), writer.pre_skip);
      EXPECT_EQ(head->input_sample_rate(), writer.input_sample_rate);
      EXPECT_EQ(head->output_gain(), writer.output_gain);
      EXPECT_EQ(head->channel_mapping().size(), channels);
      if (channels > 2) {
        EXPECT_TRUE(std::ranges::equal(head->channel_mapping(), mapping));
      }
    }
  }
}

TEST(OpusHeadTest, WhatWouldBeRefusedIsNotWritten) {
  Block wire(400);
  EXPECT_FALSE((OpusHeadWriter{.channels = 3}.Write(wire)));
  EXPECT_FALSE((OpusHeadWriter{.mapping_family = 1, .channels = 3}.Write(wire)));
  const Block mapping = {0, 1, 9};
  EXPECT_FALSE((OpusHeadWriter{.mapping_family = 1, .channels = 3, .mapping = mapping}.Write(wire)));
}

}  // namespace
}  // namespace mediacore::codec
