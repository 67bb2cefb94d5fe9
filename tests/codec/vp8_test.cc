#include "mediacore/codec/vp8.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/payload_layouts.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// The descriptor with every field, 15 bits of picture id; behind it a key frame
// of 640x360.
constexpr std::array<std::uint8_t, 16> kAll = {0x90, 0xf0, 0x92, 0x34, 0x07, 0x61, 0x10, 0x02,
                                               0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01};

constexpr bool ReadsAll() {
  ByteReader reader(kAll);
  const auto found = Vp8DescriptorView::TakeFrom(reader);
  if (!found || found->non_reference() || !found->begins_frame() || found->picture_id() != 0x1234 ||
      found->tl0picidx() != 7 || found->temporal_id() != 1 || !found->layer_sync() || found->key_index() != 1) {
    return false;
  }
  std::array<std::uint8_t, Vp8Descriptor::kMaxSize> back{};
  return found->values().Write(back) && std::equal(back.begin(), back.end(), kAll.begin()) && reader.remaining() == 10;
}
static_assert(ReadsAll());

constexpr bool ReadsAKeyFrame() {
  const auto found = Vp8FrameHeader::Parse(Bytes(kAll).subspan(6));
  std::array<std::uint8_t, Vp8FrameHeader::kKeyFrameSize> back{};
  return found && found->key_frame && found->show_frame && found->version == 0 && found->first_partition_size == 16 &&
         found->width == 640 && found->height == 360 && found->horizontal_scale == 0 && found->Write(back) &&
         std::equal(back.begin(), back.end(), kAll.begin() + 6);
}
static_assert(ReadsAKeyFrame());

Expected<Vp8DescriptorView, Vp8Error> Take(Bytes bytes, std::size_t* size = nullptr) {
  ByteReader reader(bytes);
  const auto found = Vp8DescriptorView::TakeFrom(reader);
  if (size != nullptr) *size = bytes.size() - reader.remaining();
  return found;
}

TEST(Vp8DescriptorTest, ADescriptorCutShortIsRefusedAndNothingIsConsumed) {
  EXPECT_EQ(Take({}).error(), Vp8Error::kEmpty);
  for (std::size_t n = 1; n < 6; ++n) {
    std::size_t taken = 99;
    EXPECT_EQ(Take(Bytes(kAll).first(n), &taken).error(), Vp8Error::kTruncated) << n;
    EXPECT_EQ(taken, 0u);
  }
  // The long picture id that fuzzers found in others: its second byte is missing.
  EXPECT_EQ(Take(Block{0x81, 0x81, 0x94}).error(), Vp8Error::kTruncated);
}

// One byte after the other, as the section has it.
struct Reference {
  explicit Reference(const Block& bytes) : bytes_(bytes) {
    const unsigned first = Next();
    const unsigned what = (first & 0x80) != 0 ? Next() : 0;
    wanted.non_reference = (first >> 5 & 1) != 0;
    wanted.start_of_partition = (first >> 4 & 1) != 0;
    wanted.partition_id = static_cast<std::uint8_t>(first % 8);
    if ((what >> 7 & 1) != 0) {
      const unsigned id = Next();
      wanted.long_picture_id = id >= 128;
      wanted.picture_id = static_cast<std::uint16_t>(id >= 128 ? (id - 128) * 256 + Next() : id);
    }
    if ((what >> 6 & 1) != 0) wanted.tl0picidx = static_cast<std::uint8_t>(Next());
    const bool t = (what >> 5 & 1) != 0;
    const bool k = (what >> 4 & 1) != 0;
    const unsigned layer = t || k ? Next() : 0;
    if (t) wanted.temporal_id = static_cast<std::uint8_t>(layer / 64);
    if (t) wanted.layer_sync = layer / 32 % 2 == 1;
    if (k) wanted.key_index = static_cast<std::uint8_t>(layer % 32);
  }
  unsigned Next() {
    ++size;
    return size <= bytes_.size() ? bytes_[size - 1] : 0;
  }
  const Block& bytes_;
  Vp8Descriptor wanted;
  std::size_t size = 0;
};

TEST(Vp8DescriptorTest, AllDescriptorsOfTwoBytesWithAnythingBehindThemAreReadAsTheRfcSays) {
  int accepted = 0;
  for (int bytes = 0; bytes < 65536; ++bytes) {
    for (const std::uint8_t behind : Block{0x00, 0x7f, 0x80, 0xa5, 0xff}) {
      Block block = {static_cast<std::uint8_t>(bytes >> 8), static_cast<std::uint8_t>(bytes)};
      for (; block.size() <= 7; block.push_back(behind)) {
        const Reference reference(block);
        std::size_t size = 0;
        const auto found = Take(block, &size);
        ASSERT_EQ(found.has_value(), reference.size <= block.size()) << bytes;
        if (!found) {
          ASSERT_EQ(found.error(), Vp8Error::kTruncated);
          continue;
        }
        ++accepted;
        ASSERT_EQ(size, reference.size) << bytes;
        ASSERT_EQ(found->size(), size);
        ASSERT_EQ(found->values(), reference.wanted) << bytes;
        ASSERT_EQ(found->begins_frame(), reference.wanted.start_of_partition && reference.wanted.partition_id == 0);
        // What it says can be said again, and is read back.
        Block back(reference.wanted.WireSize());
        ASSERT_TRUE(reference.wanted.Write(back));
        ASSERT_LE(back.size(), size);
        std::size_t again = 0;
        ASSERT_EQ(Take(back, &again)->values(), reference.wanted) << bytes;
        ASSERT_EQ(again, back.size());
      }
    }
  }
  EXPECT_GT(accepted, 1'000'000);
}

TEST(Vp8DescriptorTest, WhatNoDescriptorCanSayIsNotWritten) {
  std::array<std::uint8_t, 8> out{0xee, 0xee};
  const auto refused = [&](const Vp8Descriptor& descriptor) {
    return descriptor.WireSize() == 0 && !descriptor.Write(out) && out[0] == 0xee;
  };
  EXPECT_TRUE(refused({.partition_id = 8}));
  EXPECT_TRUE(refused({.picture_id = 0x8000}));
  EXPECT_TRUE(refused({.long_picture_id = false, .picture_id = 0x80}));
  EXPECT_TRUE(refused({.temporal_id = 4}));
  EXPECT_TRUE(refused({.layer_sync = true}));
  EXPECT_TRUE(refused({.key_index = 32}));
  const Vp8Descriptor two{.picture_id = 1};
  EXPECT_EQ(two.WireSize(), 4u);
  EXPECT_FALSE(two.Write(MutableBytes(out).first(3)));
  EXPECT_EQ(out[0], 0xee);
  EXPECT_TRUE(Vp8Descriptor{}.Write(out));
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[1], 0xee);
}

TEST(Vp8DescriptorTest, PayloadsThatOtherParsersHaveReadMeanTheSameHere) {
  const auto layouts = testing::ReadPayloadLayouts("vp8");
  if (layouts.empty()) GTEST_SKIP() << "../shared/reference is absent";
  EXPECT_EQ(layouts.size(), 4u);
  for (const auto& layout : layouts) {
    SCOPED_TRACE(layout.name);
    ByteReader reader(layout.payload);
    const auto found = Vp8DescriptorView::TakeFrom(reader);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->non_reference(), layout.Find("N").value_or(0) == 1);
    EXPECT_EQ(found->start_of_partition(), layout.Get("S") == 1);
    EXPECT_EQ(found->partition_id(), layout.Find("PID").value_or(0));
    EXPECT_EQ(found->has_picture_id(), layout.Find("I") == 1);
    EXPECT_EQ(found->picture_id(), layout.Find("picture_id").value_or(0));
    EXPECT_EQ(found->has_long_picture_id(), layout.Find("M") == 1);
    EXPECT_EQ(found->has_tl0picidx(), layout.Find("L") == 1);
    EXPECT_EQ(found->tl0picidx(), layout.Find("tl0picidx").value_or(0));
    EXPECT_EQ(found->temporal_id(), layout.Find("tid").value_or(0));
    EXPECT_EQ(found->layer_sync(), layout.Find("Y") == 1);
    EXPECT_EQ(found->key_index(), layout.Find("keyidx").value_or(0));
    if (!layout.Find("keyframe")) continue;
    const auto frame = Vp8FrameHeader::Parse(reader.rest());
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->key_frame, layout.Get("keyframe") == 1);
    if (!layout.Find("width")) continue;
    EXPECT_EQ(frame->width, layout.Get("width"));
    EXPECT_EQ(frame->height, layout.Get("height"));
  }
}

TEST(Vp8FrameHeaderTest, AFrameCutShortInItsHeaderIsRefused) {
  const Bytes key = Bytes(kAll).subspan(6);
  for (std::size_t n = 0; n < key.size(); ++n) {
    EXPECT_EQ(Vp8FrameHeader::Parse(key.first(n)).error(), Vp8Error::kTruncated) << n;
  }
  const Block inter = {0x11, 0x02, 0x00};
  EXPECT_EQ(Vp8FrameHeader::Parse(Bytes(inter).first(2)).error(), Vp8Error::kTruncated);
  const auto found = Vp8FrameHeader::Parse(inter);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->key_frame);
  EXPECT_EQ(found->first_partition_size, 16u);
  EXPECT_EQ(found->width, 0);
}

TEST(Vp8FrameHeaderTest, AKeyFrameHasItsStartCodeAndASize) {
  Block frame(kAll.begin() + 6, kAll.end());
  for (const std::size_t at : {3u, 4u, 5u}) {
    Block wrong = frame;
    wrong[at] ^= 1;
    EXPECT_EQ(Vp8FrameHeader::Parse(wrong).error(), Vp8Error::kBadStartCode);
  }
  Block flat = frame;
  flat[8] = 0;
  flat[9] = 0xc0;  // only the scale
  EXPECT_EQ(Vp8FrameHeader::Parse(flat).error(), Vp8Error::kNoSize);
  Block narrow = frame;
  narrow[6] = narrow[7] = 0;
  EXPECT_EQ(Vp8FrameHeader::Parse(narrow).error(), Vp8Error::kNoSize);
}

TEST(Vp8FrameHeaderTest, EveryTagIsReadAndWrittenBack) {
  for (std::uint32_t tag = 0; tag < 1u << 24; tag += tag < 4096 ? 1 : 251) {
    Block frame = {static_cast<std::uint8_t>(tag),
                   static_cast<std::uint8_t>(tag >> 8),
                   static_cast<std::uint8_t>(tag >> 16),
                   0x9d,
                   0x01,
                   0x2a,
                   0xff,
                   0xbf,
                   0x01,
                   0x40};
    const auto found = Vp8FrameHeader::Parse(frame);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->key_frame, tag % 2 == 0);
    ASSERT_EQ(found->version, tag / 2 % 8);
    ASSERT_EQ(found->show_frame, tag / 16 % 2 == 1);
    ASSERT_EQ(found->first_partition_size, tag / 32);
    if (found->key_frame) {
      ASSERT_EQ(found->width, 0x3fff);
      ASSERT_EQ(found->horizontal_scale, 2);
      ASSERT_EQ(found->height, 1);
      ASSERT_EQ(found->vertical_scale, 1);
    }
    Block back(found->WireSize());
    ASSERT_EQ(back.size(), tag % 2 == 0 ? 10u : 3u);
    ASSERT_TRUE(found->Write(back));
    ASSERT_TRUE(std::equal(back.begin(), back.end(), frame.begin()));
  }
}

TEST(Vp8FrameHeaderTest, WhatNoHeaderCanSayIsNotWritten) {
  std::array<std::uint8_t, 10> out{0xee};
  const auto refused = [&](const Vp8FrameHeader& header) {
    return header.WireSize() == 0 && !header.Write(out) && out[0] == 0xee;
  };
  EXPECT_TRUE(refused({.version = 8}));
  EXPECT_TRUE(refused({.first_partition_size = 1u << 19}));
  EXPECT_TRUE(refused({.key_frame = true, .width = 640}));
  EXPECT_TRUE(refused({.key_frame = true, .width = 0x4000, .height = 1}));
  EXPECT_TRUE(refused({.key_frame = true, .width = 1, .height = 1, .horizontal_scale = 4}));
  EXPECT_TRUE(refused({.key_frame = true, .width = 1, .height = 1, .vertical_scale = 4}));
  EXPECT_FALSE((Vp8FrameHeader{.key_frame = true, .width = 1, .height = 1}).Write(MutableBytes(out).first(9)));
  EXPECT_EQ(ToString(Vp8Error::kNoSize), "vp8: key frame without size");
}

}  // namespace
}  // namespace mediacore::codec
