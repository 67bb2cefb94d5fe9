#include "mediacore/codec/vp9.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/payload_layouts.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// The first packet of a key picture in non-flexible mode: picture id 0x1234, layers,
// TL0PICIDX 5, and two spatial layers with groups of two pictures.
constexpr std::array<std::uint8_t, 20> kKey = {0xae, 0x92, 0x34, 0x00, 0x05, 0x38, 0x01, 0x40, 0x00, 0xb4,
                                               0x02, 0x80, 0x01, 0x68, 0x02, 0x04, 0x02, 0x34, 0x02, 0x49};
// Flexible mode, with three references: 1, 2 and 127 pictures ago.
constexpr std::array<std::uint8_t, 7> kFlexible = {0xfc, 0x80, 0x64, 0x33, 0x03, 0x05, 0xfe};

constexpr bool ReadsTheKey() {
  ByteReader reader(kKey);
  const auto found = Vp9DescriptorView::TakeFrom(reader);
  if (!found || !found->begins_key_picture() || !found->end_of_frame() || found->flexible() ||
      found->picture_id() != 0x1234 || found->tl0picidx() != 5 || found->reference_count() != 0) {
    return false;
  }
  const auto structure = found->scalability_structure();
  if (!structure || structure->spatial_layers() != 2 || structure->picture_count() != 2 ||
      structure->size(Vp9LayerId(1)) != Vp9LayerSize{640, 360} || structure->size(Vp9LayerId(2)) != Vp9LayerSize{}) {
    return false;
  }
  auto pictures = structure->pictures();
  std::array<Vp9GroupPicture, 3> picture{};
  if (!pictures.Next(picture[0]) || !pictures.Next(picture[1]) || pictures.Next(picture[2])) return false;
  if (picture[0] != Vp9GroupPicture{Vp9LayerId(0), false, 1, {2}} ||
      picture[1] != Vp9GroupPicture{Vp9LayerId(1), true, 1, {2}}) {
    return false;
  }
  std::array<std::uint8_t, 19> back{};
  return reader.remaining() == 1 && found->values().Write(back) && std::equal(back.begin(), back.end(), kKey.begin());
}
static_assert(ReadsTheKey());

constexpr bool ReadsTheFlexible() {
  ByteReader reader(kFlexible);
  const auto found = Vp9DescriptorView::TakeFrom(reader);
  std::array<std::uint8_t, Vp9Descriptor::kMaxSize> back{};
  return found && found->flexible() && found->inter_picture() && found->picture_id() == 100 &&
         found->temporal_id().value() == 1 && found->spatial_id().value() == 1 && found->switching_up() &&
         found->inter_layer() && !found->has_tl0picidx() && found->reference_count() == 3 && found->p_diff(0) == 1 &&
         found->p_diff(1) == 2 && found->p_diff(2) == 127 && found->p_diff(3) == 0 && reader.empty() &&
         found->values().Write(back) && back == kFlexible;
}
static_assert(ReadsTheFlexible());

Expected<Vp9DescriptorView, Vp9DescriptorError> Take(Bytes bytes, std::size_t* size = nullptr) {
  ByteReader reader(bytes);
  const auto found = Vp9DescriptorView::TakeFrom(reader);
  if (size != nullptr) *size = bytes.size() - reader.remaining();
  return found;
}

TEST(Vp9DescriptorTest, ADescriptorCutShortIsRefusedAndNothingIsConsumed) {
  EXPECT_EQ(Take({}).error(), Vp9DescriptorError::kEmpty);
  for (const Bytes whole : {Bytes(kKey).first(19), Bytes(kFlexible)}) {
    for (std::size_t n = 1; n < whole.size(); ++n) {
      std::size_t taken = 99;
      EXPECT_EQ(Take(whole.first(n), &taken).error(), Vp9DescriptorError::kTruncated) << n;
      EXPECT_EQ(taken, 0u);
    }
  }
}

TEST(Vp9DescriptorTest, AFourthReferenceIsRefused) {
  Block four(kFlexible.begin(), kFlexible.end());
  four.back() |= 1;
  EXPECT_EQ(Take(four).error(), Vp9DescriptorError::kTooManyReferences);
  four.push_back(2);
  EXPECT_EQ(Take(four).error(), Vp9DescriptorError::kTooManyReferences);
  EXPECT_EQ(ToString(Vp9DescriptorError::kTooManyReferences), "vp9: too many references");
}

TEST(Vp9DescriptorTest, FlexibleModeWithoutPictureIdIsNone) {
  const Block payload = {0x70, 0x22, 0x09, 0xaa};  // P, L, F: the section says to ignore F then
  const auto found = Take(payload);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->flexible());
  EXPECT_EQ(found->reference_count(), 0);
  EXPECT_EQ(found->tl0picidx(), 9);
  EXPECT_EQ(found->size(), 3u);
}

// One byte after the other, as the section has it.
struct Reference {
  explicit Reference(const Block& bytes) : bytes_(bytes) {
    const unsigned flags = Next();
    const bool i = flags / 128 % 2 == 1, p = flags / 64 % 2 == 1, l = flags / 32 % 2 == 1, f = flags / 16 % 2 == 1;
    wanted.inter_picture = p;
    wanted.flexible = f && i;
    wanted.start_of_frame = flags / 8 % 2 == 1;
    wanted.end_of_frame = flags / 4 % 2 == 1;
    wanted.not_reference_for_above = flags % 2 == 1;
    if (i) {
      const unsigned id = Next();
      wanted.long_picture_id = id >= 128;
      wanted.picture_id = static_cast<std::uint16_t>(id >= 128 ? (id - 128) * 256 + Next() : id);
    }
    if (l) {
      const unsigned layer = Next();
      wanted.layers = Vp9Descriptor::Layers{Vp9LayerId(static_cast<int>(layer / 32)), layer / 16 % 2 == 1,
                                            Vp9LayerId(static_cast<int>(layer / 2 % 8)), layer % 2 == 1};
      if (!wanted.flexible) wanted.layers->tl0picidx = static_cast<std::uint8_t>(Next());
    }
    for (bool more = p && wanted.flexible; more && !too_many;) {
      if (wanted.reference_count == 3) {
        too_many = true;
        break;
      }
      const unsigned diff = Next();
      wanted.p_diffs[wanted.reference_count++] = static_cast<std::uint8_t>(diff / 2);
      more = diff % 2 == 1;
    }
    if (flags / 2 % 2 == 0 || too_many) return;
    const std::size_t from = size;
    const unsigned structure = Next();
    for (unsigned n = structure / 16 % 2 == 1 ? 4 * (structure / 32 + 1) : 0; n > 0; --n) Next();
    for (unsigned n = structure / 8 % 2 == 1 ? Next() : 0; n > 0; --n) {
      for (unsigned r = Next() / 4 % 4; r > 0; --r) Next();
    }
    if (size <= bytes_.size()) wanted.scalability_structure = Bytes(bytes_).subspan(from, size - from);
  }
  unsigned Next() {
    ++size;
    return size <= bytes_.size() ? bytes_[size - 1] : 0;
  }
  const Block& bytes_;
  Vp9Descriptor wanted;
  std::size_t size = 0;
  bool too_many = false;
};

TEST(Vp9DescriptorTest, AllDescriptorsOfTwoBytesWithAnythingBehindThemAreReadAsTheRfcSays) {
  int accepted = 0;
  int too_many = 0;
  for (int bytes = 0; bytes < 65536; ++bytes) {
    for (const std::uint8_t behind : Block{0x00, 0x01, 0x2d, 0x80, 0xf8, 0xff}) {
      Block block = {static_cast<std::uint8_t>(bytes >> 8), static_cast<std::uint8_t>(bytes)};
      for (const std::size_t length : {2u, 3u, 4u, 5u, 6u, 7u, 8u, 12u, 48u}) {
        block.resize(length, behind);
        const Reference reference(block);
        const bool whole = reference.size <= block.size();
        std::size_t size = 0;
        const auto found = Take(block, &size);
        ASSERT_EQ(found.has_value(), whole && !reference.too_many) << bytes;
        if (!found) {
          ASSERT_EQ(found.error(), whole ? Vp9DescriptorError::kTooManyReferences : Vp9DescriptorError::kTruncated);
          too_many += whole ? 1 : 0;
          ASSERT_EQ(size, 0u);
          continue;
        }
        ++accepted;
        ASSERT_EQ(size, reference.size) << bytes;
        ASSERT_EQ(found->size(), size);
        ASSERT_EQ(found->values(), reference.wanted) << bytes;
        // What it says can be said again, and is read back: only F without I goes.
        Block back(reference.wanted.WireSize());
        ASSERT_EQ(back.size(), size);
        ASSERT_TRUE(reference.wanted.Write(back));
        ASSERT_TRUE(std::equal(back.begin() + 1, back.end(), block.begin() + 1));
        ASSERT_EQ(back[0] | 0x10, block[0] | 0x10);
        ASSERT_EQ(Take(back)->values(), reference.wanted) << bytes;
      }
    }
  }
  EXPECT_GT(accepted, 1'000'000);
  EXPECT_GT(too_many, 1'000);
}

TEST(Vp9DescriptorTest, EveryLayerNumberIndexesATableOfEight) {
  for (int byte = 0; byte < 256; ++byte) {
    const Block block = {0x20, static_cast<std::uint8_t>(byte), 0};
    const auto found = Take(block);
    ASSERT_TRUE(found);
    ASSERT_LT(found->temporal_id().value(), Vp9LayerId::kCount);
    ASSERT_LT(found->spatial_id().value(), Vp9LayerId::kCount);
    ASSERT_LT(Vp9LayerId(byte).value(), Vp9LayerId::kCount);
  }
}

TEST(Vp9DescriptorTest, PayloadsThatOtherParsersHaveReadMeanTheSameHere) {
  const auto layouts = testing::ReadPayloadLayouts("vp9");
  if (layouts.empty()) GTEST_SKIP() << "../shared/reference is absent";
  EXPECT_EQ(layouts.size(), 3u);
  for (const auto& layout : layouts) {
    SCOPED_TRACE(layout.name);
    const auto found = Take(layout.payload);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->has_picture_id(), layout.Get("I") == 1);
    EXPECT_EQ(found->picture_id(), layout.Get("picture_id"));
    EXPECT_EQ(found->inter_picture(), layout.Get("P") == 1);
    EXPECT_EQ(found->start_of_frame(), layout.Get("B") == 1);
    EXPECT_EQ(found->end_of_frame(), layout.Get("E") == 1);
    EXPECT_EQ(found->has_layers(), layout.Find("L") == 1);
    EXPECT_EQ(found->flexible(), layout.Find("F") == 1);
    EXPECT_EQ(found->not_reference_for_above(), layout.Find("Z") == 1);
    EXPECT_EQ(found->temporal_id().value(), layout.Find("tid").value_or(0));
    EXPECT_EQ(found->spatial_id().value(), layout.Find("sid").value_or(0));
    EXPECT_EQ(found->inter_layer(), layout.Find("D") == 1);
    EXPECT_EQ(found->tl0picidx(), layout.Find("tl0picidx").value_or(0));
    const auto structure = found->scalability_structure();
    EXPECT_EQ(structure.has_value(), layout.Find("V") == 1);
    if (!structure) {
      EXPECT_EQ(found->switching_up(), layout.Find("U") == 1);
      const std::vector<int> diffs = layout.List("p_diffs");
      ASSERT_EQ(found->reference_count(), static_cast<int>(diffs.size()));
      for (int i = 0; i < found->reference_count(); ++i) {
        EXPECT_EQ(found->p_diff(i), diffs[static_cast<std::size_t>(i)]);
      }
      continue;
    }
    EXPECT_EQ(structure->spatial_layers(), layout.Get("N_S") + 1);
    for (int i = 0; i < structure->spatial_layers(); ++i) {
      EXPECT_EQ(structure->size(Vp9LayerId(i)).width, layout.List("widths")[static_cast<std::size_t>(i)]);
      EXPECT_EQ(structure->size(Vp9LayerId(i)).height, layout.List("heights")[static_cast<std::size_t>(i)]);
    }
    ASSERT_EQ(structure->picture_count(), layout.Get("N_G"));
    auto pictures = structure->pictures();
    Vp9GroupPicture picture;
    ASSERT_TRUE(pictures.Next(picture));
    EXPECT_EQ(picture, (Vp9GroupPicture{Vp9LayerId(0), false, 1, {2}}));
    ASSERT_TRUE(pictures.Next(picture));
    EXPECT_EQ(picture, (Vp9GroupPicture{Vp9LayerId(1), true, 1, {1}}));
  }
}

TEST(Vp9DescriptorTest, WhatNoDescriptorCanSayIsNotWritten) {
  std::array<std::uint8_t, 16> out{0xee};
  const auto refused = [&](const Vp9Descriptor& descriptor) {
    return descriptor.WireSize() == 0 && !descriptor.Write(out) && out[0] == 0xee;
  };
  const Vp9Descriptor::Layers layers{.tl0picidx = 1};
  EXPECT_TRUE(refused({.picture_id = 0x8000}));
  EXPECT_TRUE(refused({.long_picture_id = false, .picture_id = 0x80}));
  EXPECT_TRUE(refused({.flexible = true}));
  EXPECT_TRUE(refused({.flexible = true, .picture_id = 1, .layers = layers}));
  EXPECT_TRUE(refused({.inter_picture = true, .flexible = true, .picture_id = 1}));
  EXPECT_TRUE(refused({.inter_picture = true, .flexible = true, .picture_id = 1, .reference_count = 4}));
  EXPECT_TRUE(
      refused({.inter_picture = true, .flexible = true, .picture_id = 1, .reference_count = 1, .p_diffs = {128}}));
  EXPECT_TRUE(refused({.inter_picture = true, .picture_id = 1, .reference_count = 1}));
  EXPECT_TRUE(refused({.flexible = true, .picture_id = 1, .reference_count = 1}));
  const Block structure = {0x08, 1, 0};
  EXPECT_TRUE(refused({.scalability_structure = Bytes(structure).first(2)}));
  const Block longer = {0x08, 1, 0, 0};
  EXPECT_TRUE(refused({.scalability_structure = longer}));
  const Vp9Descriptor fine{.picture_id = 1, .layers = layers, .scalability_structure = structure};
  EXPECT_EQ(fine.WireSize(), 8u);
  EXPECT_FALSE(fine.Write(MutableBytes(out).first(7)));
  EXPECT_EQ(out[0], 0xee);
  EXPECT_TRUE(fine.Write(out));
}

TEST(Vp9ScalabilityStructureTest, TheLargestOneIsWrittenAndRead) {
  std::array<Vp9LayerSize, 8> sizes{};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    sizes[i] = {static_cast<std::uint16_t>(65535 - i), static_cast<std::uint16_t>(i)};
  }
  std::vector<Vp9GroupPicture> group(255);
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i] = {Vp9LayerId(static_cast<int>(i % 8)), i % 2 == 1, 3, {1, static_cast<std::uint8_t>(i), 255}};
  }
  const Vp9ScalabilityStructureWriter writer{
      .spatial_layers = 8, .sizes = sizes, .has_pictures = true, .pictures = group};
  Block bytes(writer.WireSize());
  EXPECT_EQ(bytes.size(), 1u + 32 + 1 + 255 * 4);
  EXPECT_FALSE(writer.Write(MutableBytes(bytes).first(bytes.size() - 1)));
  ASSERT_TRUE(writer.Write(bytes));
  ByteReader reader(bytes);
  const auto found = Vp9ScalabilityStructureView::TakeFrom(reader);
  ASSERT_TRUE(found && reader.empty());
  EXPECT_EQ(found->spatial_layers(), 8);
  EXPECT_TRUE(found->has_sizes());
  EXPECT_TRUE(found->has_pictures());
  for (std::size_t i = 0; i < sizes.size(); ++i) EXPECT_EQ(found->size(Vp9LayerId(static_cast<int>(i))), sizes[i]);
  ASSERT_EQ(found->picture_count(), 255);
  auto pictures = found->pictures();
  Vp9GroupPicture picture;
  for (const Vp9GroupPicture& wanted : group) {
    ASSERT_TRUE(pictures.Next(picture));
    ASSERT_EQ(picture, wanted);
  }
  EXPECT_FALSE(pictures.Next(picture));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    ByteReader cut(Bytes(bytes).first(n));
    ASSERT_EQ(Vp9ScalabilityStructureView::TakeFrom(cut).error(),
              n == 0 ? Vp9DescriptorError::kEmpty : Vp9DescriptorError::kTruncated);
    ASSERT_EQ(cut.remaining(), n);
  }
}

TEST(Vp9ScalabilityStructureTest, WhatNoStructureCanSayIsNotWritten) {
  std::array<Vp9LayerSize, 2> sizes{};
  std::vector<Vp9GroupPicture> group(256);
  const auto size_of = [](const Vp9ScalabilityStructureWriter& writer) { return writer.WireSize(); };
  EXPECT_EQ(size_of({.spatial_layers = 0}), 0u);
  EXPECT_EQ(size_of({.spatial_layers = 9}), 0u);
  EXPECT_EQ(size_of({.spatial_layers = 3, .sizes = sizes}), 0u);
  EXPECT_EQ(size_of({.has_pictures = true, .pictures = group}), 0u);
  group.resize(1);
  EXPECT_EQ(size_of({.pictures = group}), 0u);
  group[0].reference_count = 4;
  EXPECT_EQ(size_of({.has_pictures = true, .pictures = group}), 0u);
  EXPECT_EQ(size_of({.has_pictures = true}), 2u);  // a group of none
  std::array<std::uint8_t, 1> out{0xee};
  EXPECT_FALSE((Vp9ScalabilityStructureWriter{.spatial_layers = 9}.Write(out)));
  EXPECT_EQ(out[0], 0xee);
}

}  // namespace
}  // namespace mediacore::codec
