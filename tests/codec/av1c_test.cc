#include "mediacore/codec/av1c.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "../support/av1_maker.h"

namespace mediacore::codec {
namespace {

using testing::Av1SequencePayload;
using testing::MakeAv1Sequence;
using testing::MakeObu;
using Block = std::vector<std::uint8_t>;

// Of an MP4 by ffmpeg 5.1 and libaom 3.6: 352x288, Main, level 2.0.
constexpr std::array<std::uint8_t, 17> kOfFfmpeg = {0x81, 0x00, 0x0c, 0x00, 0x0a, 0x0b, 0x00, 0x00, 0x00,
                                                    0x04, 0x45, 0x7e, 0x3e, 0x6d, 0x7c, 0x80, 0x20};
static_assert(Av1ConfigView::Parse(kOfFfmpeg)->bit_depth() == 8);
static_assert(Av1ConfigView::Parse(kOfFfmpeg)->subsampling_y());

constexpr bool WritesItAgain() {
  const Av1ConfigWriter writer(FindAv1Obu(Bytes(kOfFfmpeg).subspan(4), Av1ObuType::kSequenceHeader));
  std::array<std::uint8_t, 17> out{};
  return writer.WireSize() == out.size() && writer.Write(out) && out == kOfFfmpeg;
}
static_assert(WritesItAgain());

Block Config(const Av1SequenceHeader& sequence, bool has_size = true) {
  const Block obu = MakeObu(Av1ObuType::kSequenceHeader, Av1SequencePayload(sequence), {}, has_size);
  const Av1ConfigWriter writer(obu);
  Block out(writer.WireSize());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

TEST(Av1ConfigTest, ItSaysWhatTheSequenceHeaderSays) {
  Av1SequenceHeader sequence = MakeAv1Sequence();
  sequence.profile = 2;
  sequence.operating_points[0].level = 19;
  sequence.operating_points[0].tier = true;
  sequence.bit_depth = 12;
  sequence.chroma_sample_position = 2;
  for (const bool has_size : {false, true}) {
    const Block bytes = Config(sequence, has_size);
    const auto config = Av1ConfigView::Parse(bytes);
    ASSERT_TRUE(config);
    EXPECT_EQ(config->profile(), 2);
    EXPECT_EQ(config->level(), 19);
    EXPECT_TRUE(config->tier());
    EXPECT_EQ(config->bit_depth(), 12);
    EXPECT_FALSE(config->mono_chrome());
    EXPECT_TRUE(config->subsampling_x());
    EXPECT_TRUE(config->subsampling_y());
    EXPECT_EQ(config->chroma_sample_position(), 2);
    EXPECT_EQ(config->initial_presentation_delay(), 0);
    ByteReader reader(config->obus());
    EXPECT_EQ(*Av1SequenceHeader::Parse(*Av1ObuView::TakeFrom(reader)), sequence);
    EXPECT_TRUE(reader.empty());
  }
  sequence.mono_chrome = true;
  sequence.bit_depth = 10;
  sequence.chroma_sample_position = 0;
  const Block mono = Config(sequence);
  EXPECT_TRUE(Av1ConfigView::Parse(mono)->mono_chrome());
  EXPECT_EQ(Av1ConfigView::Parse(mono)->bit_depth(), 10);
}

TEST(Av1ConfigTest, EachCauseIsTold) {
  const Block fine = Config(MakeAv1Sequence());
  const auto refusal = [&fine](auto&& change) {
    Block bytes = fine;
    change(bytes);
    return Av1ConfigView::Parse(bytes).error();
  };
  EXPECT_EQ(refusal([](Block& b) { b.resize(3); }), Av1ConfigError::kTooShort);
  EXPECT_EQ(refusal([](Block& b) { b[0] = 0x01; }), Av1ConfigError::kBadMarker);
  EXPECT_EQ(refusal([](Block& b) { b[0] = 0x82; }), Av1ConfigError::kBadVersion);
  EXPECT_EQ(refusal([](Block& b) { b.pop_back(); }), Av1ConfigError::kBadObu);
  EXPECT_EQ(refusal([](Block& b) { b.push_back(0x28); }), Av1ConfigError::kBadObu);  // without a size
  EXPECT_EQ(refusal([](Block& b) { b[6] |= 0xe0; }), Av1ConfigError::kBadSequence);
  EXPECT_EQ(refusal([&fine](Block& b) { b.insert(b.end(), fine.begin() + 4, fine.end()); }),
            Av1ConfigError::kBadSequence);  // a second one
  EXPECT_EQ(refusal([](Block& b) { b[1] = 9; }), Av1ConfigError::kMismatch);
  EXPECT_EQ(refusal([](Block& b) { b[2] ^= 0x40; }), Av1ConfigError::kMismatch);
}

TEST(Av1ConfigTest, ItMayHaveNoObuAndMayTellItsDelay) {
  const Block bytes = {0x81, 0x24, 0x4d, 0x13};
  const auto config = Av1ConfigView::Parse(bytes);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->profile(), 1);
  EXPECT_EQ(config->initial_presentation_delay(), 4);
  EXPECT_TRUE(config->obus().empty());
}

TEST(Av1ConfigTest, OfBytesThatAreNoSequenceHeaderNothingIsWritten) {
  Block out(64);
  for (const Block& bytes : {Block{}, Block{0x12, 0x00}, Block{0x0a, 0x01, 0xff}, Block{0x0a, 0x05, 0}}) {
    const Av1ConfigWriter writer(bytes);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
  }
  const Block obu = MakeObu(Av1ObuType::kSequenceHeader, Av1SequencePayload(MakeAv1Sequence()), {0, 0});
  const Av1ConfigWriter writer(obu);
  EXPECT_FALSE(writer.Write(MutableBytes(out).first(writer.WireSize() - 1)));
  EXPECT_TRUE(writer.Write(out));
}

}  // namespace
}  // namespace mediacore::codec
