#include "mediacore/rtp/dependency_structure.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

// What Chromium sends with AV1's L1T3: the structure alone, from the descriptor
// of a key frame, moved up by the five flags before it.
constexpr std::array<std::uint8_t, 17> kL1T3 = {0x00, 0x42, 0x9d, 0x55, 0x0c, 0x08, 0x29, 0xa2, 0x82,
                                                0x04, 0x10, 0x84, 0xe0, 0x4f, 0xe0, 0x2c, 0xe0};

// The table of appendix A.6.1, temporal layers from low to high.
constexpr DependencyStructure L1T3() {
  DependencyStructure structure;
  structure.decode_target_count = 3;
  structure.chain_count = 1;
  structure.has_resolutions = true;
  structure.resolutions[0] = {640, 360};
  structure.Add({0, 0, {}, DecodeTargetIndications("SSS"), {0}});
  structure.Add({0, 0, {4}, DecodeTargetIndications("SSS"), {4}});
  structure.Add({0, 1, {2}, DecodeTargetIndications("-DS"), {2}});
  structure.Add({0, 2, {1}, DecodeTargetIndications("--D"), {1}});
  structure.Add({0, 2, {1}, DecodeTargetIndications("--D"), {3}});
  return structure;
}

constexpr bool ReadsAsItsTable() {
  BitReader reader(kL1T3);
  DependencyStructure structure;
  DependencyError error{};
  return DependencyStructure::Read(reader, structure, error) && structure == L1T3() && reader.remaining() < 8;
}
static_assert(ReadsAsItsTable());

struct Written {
  bool writable = false;
  std::vector<std::uint8_t> bytes;
  std::size_t bits = 0;
};
Written Write(const DependencyStructure& structure) {
  Written out;
  out.bytes.assign(4096, 0xee);
  BitWriter writer(out.bytes);
  out.writable = structure.Write(writer);
  EXPECT_TRUE(writer.ok());
  out.bits = writer.position();
  out.bytes.resize(writer.byte_size());
  return out;
}
void ReadsBack(const DependencyStructure& structure) {
  const Written written = Write(structure);
  ASSERT_TRUE(written.writable);
  BitReader reader(written.bytes);
  DependencyStructure again;
  DependencyError error{};
  ASSERT_TRUE(DependencyStructure::Read(reader, again, error)) << ToString(error);
  EXPECT_EQ(reader.position(), written.bits);
  EXPECT_TRUE(again == structure);
}
DependencyError ErrorOf(Bytes bytes) {
  BitReader reader(bytes);
  DependencyStructure structure;
  DependencyError error{};
  EXPECT_FALSE(DependencyStructure::Read(reader, structure, error));
  return error;
}

TEST(DependencyStructureTest, WhatABrowserWroteIsWrittenBitForBit) {
  const Written written = Write(L1T3());
  ASSERT_TRUE(written.writable);
  EXPECT_EQ(written.bytes, std::vector<std::uint8_t>(kL1T3.begin(), kL1T3.end()));
}

TEST(DependencyStructureTest, EveryPrefixIsTruncated) {
  for (std::size_t n = 0; n < kL1T3.size(); ++n) {
    EXPECT_EQ(ErrorOf(Bytes(kL1T3).first(n)), DependencyError::kTruncated) << n;
  }
}

TEST(DependencyStructureTest, SixtyFourTemplatesAreTheMost) {
  DependencyStructure structure;
  for (int i = 0; i < 64; ++i) EXPECT_TRUE(structure.Add({0, 0, {1}, DecodeTargetIndications("R"), {}}));
  EXPECT_FALSE(structure.Add({}));
  ReadsBack(structure);
  const std::vector<std::uint8_t> endless(100, 0);  // the next one is of the same layer, again and again
  EXPECT_EQ(ErrorOf(endless), DependencyError::kTooManyTemplates);
}

TEST(DependencyStructureTest, LayersPastTheLastOneAreRefused) {
  for (const bool spatial : {false, true}) {
    for (int steps = 0; steps < 9; ++steps) {
      std::vector<std::uint8_t> bytes(40);
      BitWriter writer(bytes);
      writer.WriteBits(0, 11);
      for (int i = 0; i < steps; ++i) writer.WriteBits(spatial ? 2 : 1, 2);
      writer.WriteBits(3, 2);
      BitReader reader(bytes);
      DependencyStructure structure;
      DependencyError error{};
      const bool read = DependencyStructure::Read(reader, structure, error);
      EXPECT_EQ(read, steps < (spatial ? 4 : 8)) << steps;
      if (!read) {
        EXPECT_EQ(error, DependencyError::kBadLayer);
      }
    }
  }
}

TEST(DependencyStructureTest, EveryLayerThatThereIsReadsBack) {
  DependencyStructure structure;
  for (std::uint8_t spatial = 0; spatial < 4; ++spatial) {
    for (std::uint8_t temporal = 0; temporal < 8; ++temporal) {
      structure.Add({spatial, temporal, {}, DecodeTargetIndications("S"), {}});
      structure.Add({spatial, temporal, {16, 1}, DecodeTargetIndications("-"), {}});
    }
  }
  structure.has_resolutions = true;
  structure.resolutions = {{{1, 1}, {65'536, 65'536}, {1280, 720}, {7680, 4320}}};
  ReadsBack(structure);
  EXPECT_EQ(structure.spatial_layer_count(), 4);
}

TEST(DependencyStructureTest, SixteenFrameDiffsAreTheMost) {
  DependencyStructure structure;
  structure.Add({0, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, {}, {}});
  ReadsBack(structure);
  std::vector<std::uint8_t> bytes(40);
  BitWriter writer(bytes);
  writer.WriteBits(0, 11);
  writer.WriteBits(3, 2);
  writer.WriteBits(0, 2);
  for (int i = 0; i < 17; ++i) writer.WriteBits(0x1f, 5);
  EXPECT_EQ(ErrorOf(bytes), DependencyError::kTooManyDiffs);
  FrameDiffs full;
  for (std::uint16_t i = 1; i <= 16; ++i) EXPECT_TRUE(full.Add(i));
  EXPECT_FALSE(full.Add(17));
  EXPECT_EQ(full.size(), 16);
  EXPECT_EQ(full.span().back(), 16);
  EXPECT_EQ(FrameDiffs({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}), full);
}

TEST(DependencyStructureTest, EveryNumberOfDecodeTargetsAndChainsReadsBack) {
  for (std::uint8_t targets = 1; targets <= 32; ++targets) {
    for (std::uint8_t chains = 0; chains <= targets; ++chains) {
      DependencyStructure structure;
      structure.template_id_offset = targets + 31;
      structure.decode_target_count = targets;
      structure.chain_count = chains;
      for (std::uint8_t i = 0; i < targets && chains > 0; ++i) structure.chain_of_target[i] = i % chains;
      for (int t = 0; t < 3; ++t) {
        FrameDependencies frame;
        for (int i = 0; i < targets; ++i) {
          frame.decode_targets.Set(i, static_cast<DecodeTargetIndication>((i + t) % 4));
        }
        for (std::uint8_t i = 0; i < chains; ++i) frame.chain_diffs[i] = (i + 7u) & 15;
        structure.Add(frame);
      }
      ReadsBack(structure);
      EXPECT_EQ(structure.AllDecodeTargets(), targets == 32 ? ~0u : (1u << targets) - 1);
    }
  }
}

TEST(DependencyStructureTest, ATemplateIsFoundByItsIdAroundTheEnd) {
  for (int offset = 0; offset < 64; ++offset) {
    for (int count = 1; count <= 64; ++count) {
      DependencyStructure structure = {};
      structure.template_id_offset = static_cast<std::uint8_t>(offset);
      structure.template_count = static_cast<std::uint8_t>(count);
      for (int id = 0; id < 64; ++id) {
        const int index = (id - offset + 64) % 64;
        const FrameDependencies* found = structure.TemplateOf(id);
        ASSERT_EQ(found != nullptr, index < count);
        if (found == nullptr) continue;
        EXPECT_EQ(found, &structure.templates[static_cast<std::size_t>(index)]);
        EXPECT_EQ(structure.TemplateId(index), id);
      }
    }
  }
}

TEST(DependencyStructureTest, ADecodeTargetHasTheHighestLayersOfItsFrames) {
  const DependencyStructure structure = L1T3();
  EXPECT_EQ(structure.DecodeTargetLayer(0), (LayerId{0, 0}));
  EXPECT_EQ(structure.DecodeTargetLayer(1), (LayerId{0, 1}));
  EXPECT_EQ(structure.DecodeTargetLayer(2), (LayerId{0, 2}));
}

TEST(DependencyStructureTest, IndicationsAreTheSymbolsOfTheSpecification) {
  const DecodeTargetIndications targets("-DSR?S");
  const std::string expected = "-DSR-S--";
  for (int i = 0; i < 8; ++i) EXPECT_EQ(Symbol(targets[i]), expected[static_cast<std::size_t>(i)]);
  EXPECT_EQ(targets[-1], DecodeTargetIndication::kNotPresent);
  EXPECT_EQ(targets[32], DecodeTargetIndication::kNotPresent);
  EXPECT_EQ(DecodeTargetIndications(std::string(40, 'R'))[31], DecodeTargetIndication::kRequired);
  DecodeTargetIndications changed = targets;
  changed.Set(32, DecodeTargetIndication::kRequired);
  changed.Set(-1, DecodeTargetIndication::kRequired);
  EXPECT_EQ(changed, targets);
  changed.Set(0, DecodeTargetIndication::kRequired);
  changed.Set(0, DecodeTargetIndication::kDiscardable);
  EXPECT_EQ(changed[0], DecodeTargetIndication::kDiscardable);
}

TEST(DependencyStructureTest, WhatIsPastALimitIsNotWritten) {
  const auto refused = [](auto&& change) {
    DependencyStructure structure = L1T3();
    change(structure);
    std::array<std::uint8_t, 64> out{};
    BitWriter writer(out);
    EXPECT_FALSE(structure.Write(writer));
    EXPECT_EQ(writer.position(), 0u);
  };
  refused([](auto& s) { s.template_id_offset = 64; });
  refused([](auto& s) { s.template_count = 0; });
  refused([](auto& s) { s.template_count = 65; });
  refused([](auto& s) { s.decode_target_count = 0; });
  refused([](auto& s) { s.decode_target_count = 33; });
  refused([](auto& s) { s.chain_count = 4; });
  refused([](auto& s) { s.chain_of_target[2] = 1; });
  refused([](auto& s) { s.templates[0].spatial_id = 1; });
  refused([](auto& s) { s.templates[0].temporal_id = 1; });
  refused([](auto& s) { s.templates[4].temporal_id = 4; });
  refused([](auto& s) { s.templates[4].temporal_id = 1; });
  refused([](auto& s) { s.templates[4].spatial_id = 1; });
  refused([](auto& s) { s.templates[1].frame_diffs = {17}; });
  refused([](auto& s) { s.templates[1].frame_diffs = {0}; });
  refused([](auto& s) { s.templates[1].chain_diffs[0] = 16; });
  refused([](auto& s) { s.resolutions[0].width = 0; });
  refused([](auto& s) { s.resolutions[0].height = 65'537; });
  refused([](auto& s) {  // nine temporal layers
    s.template_count = 0;
    for (std::uint8_t i = 0; i < 9; ++i) s.Add({0, i, {}, {}, {}});
  });
  refused([](auto& s) {  // five spatial layers
    s.template_count = 0;
    for (std::uint8_t i = 0; i < 5; ++i) s.Add({i, 0, {}, {}, {}});
  });
}

TEST(DependencyStructureTest, TwoAreTheSameWhenWhatTheySayIs) {
  DependencyStructure a = L1T3();
  DependencyStructure b = L1T3();
  b.templates[20].spatial_id = 3;
  b.resolutions[2] = {1, 2};
  b.chain_of_target[9] = 9;
  EXPECT_TRUE(a == b);
  b.resolutions[0].width = 1;
  EXPECT_FALSE(a == b);
  a.has_resolutions = b.has_resolutions = false;
  EXPECT_TRUE(a == b);
  b.templates[4].frame_diffs = {2};
  EXPECT_FALSE(a == b);
}

TEST(DependencyStructureTest, EveryCauseHasAName) {
  for (int i = 0; i < kDependencyErrorCount; ++i) {
    EXPECT_NE(ToString(static_cast<DependencyError>(i)), ToString(static_cast<DependencyError>(99))) << i;
  }
}

}  // namespace
}  // namespace mediacore::rtp
