#include "mediacore/rtp/dependency_descriptor.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "mediacore/rtp/demux.h"

namespace mediacore::rtp {
namespace {

using Value = std::vector<std::uint8_t>;

// What Chromium sends with AV1's L1T3: a key frame, and later frames.
constexpr std::array<std::uint8_t, 20> kKeyFrame = {0x80, 0x00, 0x01, 0x80, 0x02, 0x14, 0xea, 0xa8, 0x60, 0x41,
                                                    0x4d, 0x14, 0x10, 0x20, 0x84, 0x27, 0x02, 0x7f, 0x01, 0x67};
constexpr std::array<std::uint8_t, 3> kFrame210 = {0x43, 0x00, 0xd2};
// The same with VP9's L3T3_KEY: a frame that refers further back than its template.
constexpr std::array<std::uint8_t, 8> kOwnDiffs = {0x8c, 0x01, 0x56, 0x1a, 0x80, 0x38, 0x30, 0x28};

constexpr bool ReadsAKeyFrameAndALaterOne() {
  DependencyDescriptorReader reader;
  const auto key = reader.Read(kKeyFrame);
  if (!key || !key->start_of_frame || key->end_of_frame || !key->has_structure) return false;
  if (key->frame_number != FrameNumber(1) || key->active_decode_targets != 0b111) return false;
  if (!key->frame.frame_diffs.empty() || reader.structure()->template_count != 5) return false;
  const auto later = reader.Read(kFrame210);
  if (!later || later->start_of_frame || !later->end_of_frame || later->has_structure) return false;
  return later->frame_number == FrameNumber(210) && later->frame == reader.structure()->templates[3] &&
         later->frame.temporal_id == 2 && later->frame.decode_targets == DecodeTargetIndications("--D");
}
static_assert(ReadsAKeyFrameAndALaterOne());

constexpr bool WritesWhatItRead() {
  DependencyDescriptorReader reader;
  const auto key = reader.Read(kKeyFrame);
  const DependencyDescriptorWriter writer{.descriptor = *key, .structure = reader.structure()};
  std::array<std::uint8_t, 20> out{};
  return writer.WireSize() == 20 && writer.Write(out) && out == kKeyFrame;
}
static_assert(WritesWhatItRead());

// Two decode targets, two chains, three templates.
DependencyStructure Small() {
  DependencyStructure structure;
  structure.template_id_offset = 62;
  structure.decode_target_count = 2;
  structure.chain_count = 2;
  structure.chain_of_target = {0, 1};
  structure.Add({0, 0, {}, DecodeTargetIndications("SS"), {0, 0}});
  structure.Add({0, 0, {2}, DecodeTargetIndications("SR"), {2, 1}});
  structure.Add({1, 0, {2, 1}, DecodeTargetIndications("-S"), {1, 1}});
  return structure;
}
DependencyDescriptor Follows(const DependencyStructure& structure, std::size_t index) {
  DependencyDescriptor descriptor;
  descriptor.frame_number = FrameNumber(0xfffe);
  descriptor.frame = structure.templates[index];
  return descriptor;
}
Value Write(const DependencyDescriptor& descriptor, const DependencyStructure& structure,
            std::uint32_t active_chains = ~0u) {
  const DependencyDescriptorWriter writer{
      .descriptor = descriptor, .structure = &structure, .active_chains = active_chains};
  Value out(writer.WireSize(), 0xee);
  EXPECT_FALSE(out.empty());
  EXPECT_TRUE(writer.Write(out));
  return out;
}
Value KeyFrameOf(const DependencyStructure& structure, FrameNumber number) {
  DependencyDescriptor descriptor = Follows(structure, 0);
  descriptor.frame_number = number;
  descriptor.has_structure = true;
  return Write(descriptor, structure);
}
DependencyError ErrorOf(Bytes value, const DependencyStructure* current) {
  const auto attached = std::make_unique<DependencyStructure>();
  const auto descriptor = DependencyDescriptor::Parse(value, current, *attached);
  EXPECT_FALSE(descriptor);
  return descriptor.error();
}
std::optional<DependencyDescriptor> Read(Bytes value, const DependencyStructure& current) {
  const auto attached = std::make_unique<DependencyStructure>();
  const auto descriptor = DependencyDescriptor::Parse(value, &current, *attached);
  return descriptor ? std::optional(*descriptor) : std::nullopt;
}

TEST(DependencyDescriptorTest, TheMandatoryFieldsReadWithoutAStructure) {
  const auto fields = MandatoryDescriptorFields::Parse(kOwnDiffs);
  ASSERT_TRUE(fields);
  EXPECT_TRUE(fields->start_of_frame);
  EXPECT_FALSE(fields->end_of_frame);
  EXPECT_EQ(fields->template_id, 12);
  EXPECT_EQ(fields->frame_number, FrameNumber(342));
  for (std::size_t n = 0; n < 3; ++n) {
    EXPECT_EQ(MandatoryDescriptorFields::Parse(Bytes(kOwnDiffs).first(n)).error(), DependencyError::kTooShort);
    EXPECT_EQ(ErrorOf(Bytes(kOwnDiffs).first(n), nullptr), DependencyError::kTooShort);
  }
}

TEST(DependencyDescriptorTest, WithoutAStructureNothingElseReads) {
  DependencyDescriptorReader reader;
  EXPECT_EQ(reader.Read(kFrame210).error(), DependencyError::kNoStructure);
  EXPECT_EQ(reader.Read(kOwnDiffs).error(), DependencyError::kNoStructure);
  EXPECT_EQ(reader.structure(), nullptr);
  EXPECT_EQ(reader.active_decode_targets(), 0u);
}

TEST(DependencyDescriptorTest, AKeyFrameCutAnywhereIsRefusedAndTheOldStructureStays) {
  DependencyDescriptorReader reader;
  ASSERT_TRUE(reader.Read(kKeyFrame));
  const DependencyStructure before = *reader.structure();
  const Value other = KeyFrameOf(Small(), FrameNumber(7));
  for (const Bytes key : {Bytes(kKeyFrame), Bytes(other)}) {
    for (std::size_t n = 4; n < key.size(); ++n) {
      const auto descriptor = reader.Read(key.first(n));
      ASSERT_FALSE(descriptor);
      EXPECT_EQ(descriptor.error(), DependencyError::kTruncated);
      ASSERT_TRUE(*reader.structure() == before);
      EXPECT_TRUE(reader.Read(kFrame210));
    }
  }
}

TEST(DependencyDescriptorTest, EveryBrokenStructureLeavesTheOldOne) {
  DependencyDescriptorReader reader;
  ASSERT_TRUE(reader.Read(kKeyFrame));
  const DependencyStructure before = *reader.structure();
  const std::vector<std::pair<Value, DependencyError>> broken = {
      {Value{0x80, 0, 2, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
       DependencyError::kTooManyTemplates},
      {Value{0x80, 0, 2, 0x80, 0, 0x55, 0x55, 0x55}, DependencyError::kBadLayer},
      {Value{0x80, 0, 2, 0x80, 0, 0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
       DependencyError::kTooManyDiffs},
      {Value{0x80, 0, 2, 0x80, 0, 0xc8}, DependencyError::kTruncated},
      // Whole, and yet of no use: the frame's own template is not in it.
      {Value{0x81, 0, 2, 0x80, 0, 0xc0, 0, 0}, DependencyError::kUnknownTemplate},
      // Whole, and what the frame says itself is cut short.
      {Value{0x80, 0, 2, 0x90, 0, 0xc1, 0xff}, DependencyError::kTruncated},
  };
  for (const auto& [value, error] : broken) {
    const auto descriptor = reader.Read(value);
    ASSERT_FALSE(descriptor) << ToString(error);
    EXPECT_EQ(descriptor.error(), error);
    EXPECT_TRUE(*reader.structure() == before);
    EXPECT_EQ(reader.active_decode_targets(), 0b111u);
  }
}

TEST(DependencyDescriptorTest, ATemplateThatTheStructureDoesNotHaveIsRefused) {
  const DependencyStructure structure = Small();
  for (int id = 0; id < 64; ++id) {
    const Value value = {static_cast<std::uint8_t>(id), 0, 9};
    const auto descriptor = Read(value, structure);
    ASSERT_EQ(descriptor.has_value(), id >= 62 || id == 0) << id;
    if (descriptor) {
      EXPECT_EQ(descriptor->frame, structure.templates[static_cast<std::size_t>((id + 2) % 64)]);
    } else {
      EXPECT_EQ(ErrorOf(value, &structure), DependencyError::kUnknownTemplate);
    }
  }
}

TEST(DependencyDescriptorTest, ANewStructureTakesOverAndALateOneDoesNot) {
  DependencyDescriptorReader reader;
  DependencyStructure structure = Small();
  ASSERT_TRUE(reader.Read(KeyFrameOf(structure, FrameNumber(65'500))));
  EXPECT_EQ(reader.structure()->template_id_offset, 62);
  structure.template_id_offset = 1;
  ASSERT_TRUE(reader.Read(KeyFrameOf(structure, FrameNumber(20))));  // past the wrap
  EXPECT_EQ(reader.structure()->template_id_offset, 1);
  // The first one again, from the network's depths: it reads, and that is all.
  structure.template_id_offset = 62;
  const auto late = reader.Read(KeyFrameOf(structure, FrameNumber(65'500)));
  ASSERT_TRUE(late);
  EXPECT_TRUE(late->has_structure);
  EXPECT_EQ(reader.structure()->template_id_offset, 1);
  EXPECT_EQ(reader.Read(Value{62, 0, 21}).error(), DependencyError::kUnknownTemplate);
  // The same frame again, resent, stays.
  structure.template_id_offset = 1;
  ASSERT_TRUE(reader.Read(KeyFrameOf(structure, FrameNumber(20))));
  EXPECT_EQ(reader.structure()->template_id_offset, 1);
  // Further back than any late frame: the sender has started again.
  structure.template_id_offset = 30;
  ASSERT_TRUE(reader.Read(KeyFrameOf(structure, FrameNumber(20) - DependencyDescriptorReader::kLateFrames)));
  EXPECT_EQ(reader.structure()->template_id_offset, 1);
  ASSERT_TRUE(reader.Read(KeyFrameOf(structure, FrameNumber(19) - DependencyDescriptorReader::kLateFrames)));
  EXPECT_EQ(reader.structure()->template_id_offset, 30);
  reader.Reset();
  EXPECT_EQ(reader.structure(), nullptr);
  EXPECT_EQ(reader.Read(kFrame210).error(), DependencyError::kNoStructure);
}

TEST(DependencyDescriptorTest, ActiveDecodeTargetsAreTheLastOnesSaid) {
  DependencyDescriptorReader reader;
  const DependencyStructure structure = Small();
  ASSERT_TRUE(reader.Read(KeyFrameOf(structure, FrameNumber(10))));
  EXPECT_EQ(reader.active_decode_targets(), 0b11u);
  DependencyDescriptor descriptor = Follows(structure, 1);
  const auto say = [&](int number, std::uint32_t active) {
    descriptor.frame_number = FrameNumber(static_cast<std::uint16_t>(number));
    descriptor.has_active_decode_targets = true;
    descriptor.active_decode_targets = active;
    const auto read = reader.Read(Write(descriptor, structure));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->active_decode_targets, active);
  };
  say(12, 0b01);
  EXPECT_EQ(reader.active_decode_targets(), 0b01u);
  ASSERT_TRUE(reader.Read(Write(Follows(structure, 1), structure)));
  EXPECT_EQ(reader.active_decode_targets(), 0b01u);
  say(11, 0b11);  // late
  EXPECT_EQ(reader.active_decode_targets(), 0b01u);
  say(13, 0);
  EXPECT_EQ(reader.active_decode_targets(), 0u);
}

TEST(DependencyDescriptorTest, AKeyFrameResentDoesNotBringBackItsActiveDecodeTargets) {
  DependencyDescriptorReader reader;
  DependencyStructure structure = Small();
  const Value key = KeyFrameOf(structure, FrameNumber(10));
  ASSERT_TRUE(reader.Read(key));
  DependencyDescriptor descriptor = Follows(structure, 1);
  descriptor.frame_number = FrameNumber(12);
  descriptor.has_active_decode_targets = true;
  descriptor.active_decode_targets = 0b01;
  ASSERT_TRUE(reader.Read(Write(descriptor, structure)));
  const auto again = reader.Read(key);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->active_decode_targets, 0b11u);  // what it says
  EXPECT_EQ(reader.active_decode_targets(), 0b01u);
  // With another structure it is no copy: the sender has started again.
  structure.template_id_offset = 1;
  ASSERT_TRUE(reader.Read(KeyFrameOf(structure, FrameNumber(10))));
  EXPECT_EQ(reader.structure()->template_id_offset, 1);
  EXPECT_EQ(reader.active_decode_targets(), 0b11u);
}

TEST(DependencyDescriptorTest, EveryCombinationOfWhatAFrameSaysItselfReadsBack) {
  const DependencyStructure structure = Small();
  for (int flags = 0; flags < 32; ++flags) {
    for (std::size_t index = 0; index < 3; ++index) {
      DependencyDescriptor descriptor = Follows(structure, index);
      descriptor.start_of_frame = index != 1;
      descriptor.end_of_frame = index != 0;
      if ((flags & 16) != 0) {
        descriptor.has_structure = descriptor.has_active_decode_targets = true;
        descriptor.active_decode_targets = 0b11;
      }
      if ((flags & 8) != 0) {
        descriptor.has_active_decode_targets = true;
        descriptor.active_decode_targets = 0b10;
      }
      if ((flags & 4) != 0) descriptor.frame.decode_targets = DecodeTargetIndications("RD");
      if ((flags & 2) != 0) descriptor.frame.frame_diffs = {1, 16, 17, 256, 257, 4096};
      if ((flags & 1) != 0) descriptor.frame.chain_diffs = {255, 16};
      const Value value = Write(descriptor, structure);
      EXPECT_EQ(value.size() == 3, flags == 0);
      EXPECT_EQ(flags == 0 ? 0 : value[3] >> 3, flags);
      EXPECT_EQ(Read(value, structure), descriptor) << flags;
      for (std::size_t n = 0; n < value.size(); ++n) {
        if (n == 3) continue;  // a whole one, of the template alone
        EXPECT_EQ(ErrorOf(Bytes(value).first(n), &structure),
                  n < 3 ? DependencyError::kTooShort : DependencyError::kTruncated);
      }
    }
  }
}

TEST(DependencyDescriptorTest, SixteenFrameDiffsAreTheMost) {
  const DependencyStructure structure = Small();
  DependencyDescriptor descriptor = Follows(structure, 0);
  for (std::uint16_t i = 1; i <= 16; ++i) ASSERT_TRUE(descriptor.frame.frame_diffs.Add(i));
  EXPECT_EQ(Read(Write(descriptor, structure), structure), descriptor);
  Value value(40);
  BitWriter writer(value);
  writer.WriteBits(62 << 16 | 1, 24);
  writer.WriteBits(0b00010, 5);
  for (int i = 0; i < 17; ++i) writer.WriteBits(0b01'0000, 6);
  EXPECT_EQ(ErrorOf(value, &structure), DependencyError::kTooManyDiffs);
}

TEST(DependencyDescriptorTest, TheTemplateThatLeavesTheLeastToSayIsChosen) {
  DependencyStructure structure = Small();
  structure.template_count = 0;
  structure.chain_count = 1;
  structure.Add({0, 0, {4}, DecodeTargetIndications("SS"), {4}});
  structure.Add({0, 0, {2}, DecodeTargetIndications("SS"), {2}});
  structure.Add({0, 0, {2}, DecodeTargetIndications("SR"), {2}});
  DependencyDescriptor descriptor = Follows(structure, 2);
  EXPECT_EQ(Write(descriptor, structure), (Value{0, 0xff, 0xfe}));
  descriptor.frame.chain_diffs[0] = 4;  // 8 bits beside the last, and no fewer beside the others
  EXPECT_EQ(Write(descriptor, structure), (Value{0, 0xff, 0xfe, 0b00001'000, 0b00100'000}));
  descriptor.frame.decode_targets = DecodeTargetIndications("RR");  // the first has the chain: 4 + 8 bits; 4 + 8
  descriptor.frame.frame_diffs = {4};
  EXPECT_EQ(Write(descriptor, structure)[0], 62);
  // Nobody looks at a chain that protects nothing active.
  descriptor = Follows(structure, 1);
  descriptor.frame.chain_diffs[0] = 99;
  EXPECT_EQ(Write(descriptor, structure, 0), (Value{63, 0xff, 0xfe}));
  descriptor.frame.frame_diffs = {3};
  structure.chain_count = 2;
  for (FrameDependencies& frame : structure.templates) frame.chain_diffs[1] = 3;
  EXPECT_EQ(Read(Write(descriptor, structure, 0b10), structure)->frame.chain_diffs[0], 0);
}

TEST(DependencyDescriptorTest, AllDecodeTargetsAreNotSpelledOutBesideAStructure) {
  const DependencyStructure structure = Small();
  DependencyDescriptor descriptor = Follows(structure, 0);
  descriptor.has_structure = true;
  const Value without = Write(descriptor, structure);
  descriptor.has_active_decode_targets = true;
  descriptor.active_decode_targets = 0b11;
  EXPECT_EQ(Write(descriptor, structure), without);
  EXPECT_EQ(Read(without, structure), descriptor);
}

TEST(DependencyDescriptorTest, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  const DependencyStructure small = Small();
  const auto refused = [&](auto&& change) {
    DependencyStructure structure = small;
    DependencyDescriptorWriter writer{.descriptor = Follows(small, 1), .structure = &structure};
    writer.descriptor.frame.frame_diffs = {3};
    change(writer, structure);
    Value out(300, 0xee);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Value(300, 0xee));
  };
  refused([](auto& w, auto&) { w.structure = nullptr; });
  refused([](auto&, auto& s) { s.template_count = 0; });
  refused([](auto&, auto& s) { s.template_count = 65; });
  refused([](auto&, auto& s) { s.chain_count = 33; });
  refused([](auto&, auto& s) { s.decode_target_count = 0; });
  refused([](auto&, auto& s) { s.decode_target_count = 33; });
  refused([](auto& w, auto& s) { w.descriptor.has_structure = true, s.templates[1].frame_diffs = {17}; });
  refused([](auto& w, auto&) { w.descriptor.frame.spatial_id = 2; });
  refused([](auto& w, auto&) { w.descriptor.frame.temporal_id = 1; });
  refused([](auto& w, auto&) { w.descriptor.frame.frame_diffs = {0}; });
  refused([](auto& w, auto&) { w.descriptor.frame.frame_diffs = {4097}; });
  refused([](auto& w, auto&) {
    w.descriptor.has_active_decode_targets = true;
    w.descriptor.active_decode_targets = 0b100;
  });
  refused([](auto& w, auto& s) {  // more than an extension holds
    w.descriptor.has_structure = true;
    s.decode_target_count = 32;
    s.template_count = 0;
    for (int i = 0; i < 40; ++i) s.Add({});
    w.descriptor.frame = {};
  });

  const DependencyDescriptorWriter writer{.descriptor = Follows(small, 1), .structure = &small};
  for (std::size_t room = 0; room < 3; ++room) {
    Value out(room, 0xee);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Value(room, 0xee));
  }
}

// Every descriptor that Chromium sent in a capture. The streams of simulcast
// number their frames together; before a key frame some may never be sent.
struct Descriptors {
  int count = 0;
  int structures = 0;
  int own = 0;  // with extended fields and no structure
  int resent = 0;
};
Descriptors ReadCapture(const std::string& name, int payload_type, int rtx_payload_type, bool simulcast) {
  struct Stream {
    DependencyDescriptorReader reader;
    std::optional<FrameNumber> last;
    std::map<std::uint16_t, FrameDependencies> frames;
  };
  std::map<std::uint32_t, std::unique_ptr<Stream>> streams;
  std::map<std::uint16_t, Stream*> stream_of_frame;
  Descriptors seen;
  const bool whole = testing::ForEachDatagram(name, [&](const capture::Datagram& datagram) {
    if (Demultiplex(datagram.payload) != PacketKind::kRtp) return;
    const auto packet = PacketView::Parse(datagram.payload);
    Bytes value;
    if (!packet || !packet->FindExtension(13, value)) return;
    if (packet->payload_type() == PayloadType(rtx_payload_type)) {
      // Says again what was said of that frame.
      const auto fields = MandatoryDescriptorFields::Parse(value);
      ASSERT_TRUE(fields && stream_of_frame.count(fields->frame_number.value()));
      Stream& stream = *stream_of_frame[fields->frame_number.value()];
      const auto again = stream.reader.Read(value);
      ASSERT_TRUE(again);
      EXPECT_EQ(again->frame, stream.frames[fields->frame_number.value()]);
      ++seen.resent;
    }
    if (packet->payload_type() != PayloadType(payload_type)) return;
    ++seen.count;
    auto& slot = streams[packet->ssrc().value()];
    if (!slot) slot = std::make_unique<Stream>();
    const auto descriptor = slot->reader.Read(value);
    ASSERT_TRUE(descriptor) << ToString(descriptor.error());
    const DependencyStructure& structure = *slot->reader.structure();
    if (descriptor->has_structure) ++seen.structures;
    if (!descriptor->has_structure && value.size() > 3) ++seen.own;

    // Written again, not a bit is another.
    EXPECT_EQ(Write(*descriptor, structure), Value(value.begin(), value.end()));

    const FrameNumber number = descriptor->frame_number;
    const FrameDependencies& frame = descriptor->frame;
    if (descriptor->start_of_frame) {
      const std::int64_t step = slot->last ? number - *slot->last : 1;
      EXPECT_TRUE(simulcast || descriptor->has_structure ? step > 0 : step == 1) << number.value();
      slot->last = number;
      slot->frames[number.value()] = frame;
      stream_of_frame[number.value()] = slot.get();
    }
    ASSERT_TRUE(slot->last);
    EXPECT_EQ(number, *slot->last);
    EXPECT_EQ(frame, slot->frames[number.value()]);  // the same in every packet
    EXPECT_LT(frame.spatial_id, structure.spatial_layer_count());
    EXPECT_LT(frame.temporal_id, 3);
    EXPECT_EQ(packet->marker() && !descriptor->end_of_frame, false);
    for (const std::uint16_t diff : frame.frame_diffs) {
      EXPECT_TRUE(slot->frames.count((number - diff).value())) << number.value() << ", " << diff;
    }
    for (std::size_t chain = 0; chain < structure.chain_count; ++chain) {
      const int diff = frame.chain_diffs[chain];
      EXPECT_TRUE(diff == 0 ? frame.frame_diffs.empty() || descriptor->has_structure
                            : slot->frames.count((number - diff).value()) == 1)
          << number.value() << ", chain " << chain << ", " << diff;
    }
  });
  EXPECT_TRUE(whole);
  return seen;
}

TEST(DependencyDescriptorTest, WhatChromiumSaysOfAv1Vp9AndVp8ReadsAndIsWrittenAgain) {
  if (!std::filesystem::exists(testing::CaptureFolder())) GTEST_SKIP() << "no ../shared/captures";
  const Descriptors av1 = ReadCapture("chromium-av1-l1t3.pcap", 45, 46, false);
  EXPECT_EQ(av1.count, 751);
  EXPECT_EQ(av1.structures, 1);
  EXPECT_EQ(av1.resent, 2);
  const Descriptors vp9 = ReadCapture("chromium-vp9-svc-l3t3key.pcap", 98, 99, false);
  EXPECT_EQ(vp9.count, 1024);
  EXPECT_EQ(vp9.structures, 2);
  EXPECT_EQ(vp9.own, 26);
  EXPECT_EQ(vp9.resent, 0);
  const Descriptors vp8 = ReadCapture("chromium-vp8-simulcast3.pcap", 96, 97, true);
  EXPECT_EQ(vp8.count, 1889);
  EXPECT_EQ(vp8.structures, 6);
  EXPECT_EQ(vp8.own, 1863);
  EXPECT_EQ(vp8.resent, 8);
}

}  // namespace
}  // namespace mediacore::rtp
