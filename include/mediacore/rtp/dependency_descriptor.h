#ifndef MEDIACORE_RTP_DEPENDENCY_DESCRIPTOR_H_
#define MEDIACORE_RTP_DEPENDENCY_DESCRIPTOR_H_

#include "mediacore/rtp/dependency_structure.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// The 3 bytes that every dependency descriptor starts with; they read without
// any structure (AV1 RTP specification, appendix A.4).
//
//   0                   1                   2
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |S|E|template id|          frame number         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct MandatoryDescriptorFields {
  static constexpr ExtensionKind kKind = ExtensionKind::kDependencyDescriptor;
  static constexpr std::size_t kSize = 3;

  bool start_of_frame = false;
  bool end_of_frame = false;
  std::uint8_t template_id = 0;  // 0 to 63
  FrameNumber frame_number;

  // Cause: kTooShort. What follows the 3 bytes is not looked at.
  static constexpr Expected<MandatoryDescriptorFields, DependencyError> Parse(Bytes value) noexcept {
    if (value.size() < kSize) return DependencyError::kTooShort;
    MandatoryDescriptorFields fields;
    fields.start_of_frame = (value[0] & 0x80) != 0;
    fields.end_of_frame = (value[0] & 0x40) != 0;
    fields.template_id = value[0] & 0x3f;
    fields.frame_number = FrameNumber(LoadU16(value.data() + 1));
    return fields;
  }
  constexpr bool operator==(const MandatoryDescriptorFields&) const = default;
};

// What a dependency descriptor says of the frame that its packet belongs to.
//
//  mandatory fields, 3 bytes; when there is more:
//  structure follows 1, active decode targets follow 1,
//  own indications 1, own frame diffs 1, own chain diffs 1
//  the structure; the active decode targets, 1 each, target 0 last
//  2 for each decode target; (size 2, diff - 1 of 4 size bits)..., 0 2;
//  8 for each chain; zeros up to the byte
//
// Read by DependencyDescriptorReader, written by DependencyDescriptorWriter.
struct DependencyDescriptor {
  static constexpr int kMaxFrameDiff = 4096;

  bool start_of_frame = false;
  bool end_of_frame = false;
  bool has_structure = false;              // one comes with this packet
  bool has_active_decode_targets = false;  // it says which; all are where a structure comes alone
  FrameNumber frame_number;
  std::uint32_t active_decode_targets = 0;  // bit i: target i
  FrameDependencies frame;                  // the template's, and what is this frame's own

  // Reads with `current`, which may be null, unless a structure comes inside:
  // that one is read into `attached`, whose content means nothing when none
  // comes or on error. Time: 60 ns, and with a structure 1 us. Any cause.
  static constexpr Expected<DependencyDescriptor, DependencyError> Parse(Bytes value,
                                                                         const DependencyStructure* current,
                                                                         DependencyStructure& attached) noexcept;
  constexpr bool operator==(const DependencyDescriptor&) const = default;
};

constexpr Expected<DependencyDescriptor, DependencyError> DependencyDescriptor::Parse(
    Bytes value, const DependencyStructure* current, DependencyStructure& attached) noexcept {
  const auto fields = MandatoryDescriptorFields::Parse(value);
  if (!fields) return fields.error();
  BitReader reader(value.subspan(MandatoryDescriptorFields::kSize));
  const std::uint32_t flags = reader.remaining() == 0 ? 0 : reader.ReadBits(5);
  DependencyDescriptor out;
  out.start_of_frame = fields->start_of_frame;
  out.end_of_frame = fields->end_of_frame;
  out.frame_number = fields->frame_number;
  if ((flags & 0x10) != 0) {
    DependencyError error{};
    if (!DependencyStructure::Read(reader, attached, error)) return error;
    out.has_structure = out.has_active_decode_targets = true;
    out.active_decode_targets = attached.AllDecodeTargets();
    current = &attached;
  }
  if (current == nullptr) return DependencyError::kNoStructure;
  const FrameDependencies* const frame = current->TemplateOf(fields->template_id);
  if (frame == nullptr) return DependencyError::kUnknownTemplate;
  out.frame = *frame;
  if ((flags & 0x08) != 0) {
    out.has_active_decode_targets = true;
    out.active_decode_targets = reader.ReadBits(current->decode_target_count);
  }
  if ((flags & 0x04) != 0) out.frame.decode_targets.ReadFrom(reader, current->decode_target_count);
  if ((flags & 0x02) != 0) {
    out.frame.frame_diffs = {};
    while (const std::uint32_t size = reader.ReadBits(2)) {
      const std::uint32_t diff = reader.ReadBits(static_cast<int>(4 * size)) + 1;
      if (!out.frame.frame_diffs.Add(static_cast<std::uint16_t>(diff))) return DependencyError::kTooManyDiffs;
    }
  }
  if ((flags & 0x01) != 0) {
    for (std::size_t i = 0; i < current->chain_count; ++i) {
      out.frame.chain_diffs[i] = static_cast<std::uint8_t>(reader.ReadBits(8));
    }
  }
  if (!reader.ok()) return DependencyError::kTruncated;
  return out;
}

// Reads the descriptors of one stream (one SSRC, and the RTX stream that repeats
// its packets), and keeps the structure that the later ones need.
//
//   rtp::DependencyDescriptorReader reader;
//   Bytes value;
//   if (packet->FindExtension(ids.IdOf(rtp::ExtensionKind::kDependencyDescriptor), value)) {
//     const auto descriptor = reader.Read(value);
//     if (descriptor) Forward(descriptor->frame.temporal_id, descriptor->frame.decode_targets[target]);
//   }
//
// A descriptor that does not read changes nothing. A structure that comes up to
// kLateFrames late is read, and does not take the place of a newer one.
// Memory: 10.4 kB, no heap. Threads: one at a time.
class DependencyDescriptorReader {
 public:
  static constexpr int kLateFrames = 256;

  constexpr Expected<DependencyDescriptor, DependencyError> Read(Bytes value) noexcept {
    const auto descriptor = DependencyDescriptor::Parse(value, structure(), structures_[1 - current_]);
    if (descriptor && descriptor->has_active_decode_targets) Keep(*descriptor);
    return descriptor;
  }

  // That of the newest key frame; null before the first. Good until Read().
  constexpr const DependencyStructure* structure() const {
    return has_structure_ ? &structures_[current_] : nullptr;
  }
  // As last said; 0 before the first structure.
  constexpr std::uint32_t active_decode_targets() const { return active_decode_targets_; }
  // The next stream.
  constexpr void Reset() {
    has_structure_ = false;
    active_decode_targets_ = 0;
  }

 private:
  static constexpr bool IsLate(FrameNumber number, FrameNumber than) {
    const std::int64_t ahead = number - than;
    return ahead < 0 && ahead >= -kLateFrames;
  }
  // The structure that is kept, once more (RTX, a copy): it says nothing new of
  // what was active since.
  constexpr bool IsRepeated(const DependencyDescriptor& descriptor) const {
    return has_structure_ && descriptor.frame_number == structure_from_ && structures_[0] == structures_[1];
  }
  constexpr void Keep(const DependencyDescriptor& descriptor) {
    if (descriptor.has_structure && !IsRepeated(descriptor)) {
      if (has_structure_ && IsLate(descriptor.frame_number, structure_from_)) return;
      current_ = 1 - current_;
      has_structure_ = true;
      structure_from_ = descriptor.frame_number;
    } else if (IsLate(descriptor.frame_number, active_from_)) {
      return;
    }
    active_decode_targets_ = descriptor.active_decode_targets;
    active_from_ = descriptor.frame_number;
  }

  std::array<DependencyStructure, 2> structures_{};
  std::size_t current_ = 0;  // the other is where the next one is read into
  bool has_structure_ = false;
  FrameNumber structure_from_;
  FrameNumber active_from_;
  std::uint32_t active_decode_targets_ = 0;
};

// Writes one, in the fewest bits: with the template of its layer that leaves
// the least to say.
//
//   rtp::DependencyDescriptorWriter writer{.descriptor = descriptor, .structure = &structure};
//   if (!writer.Write(out)) ...
//
// `structure` has to live until Write(). A descriptor with a structure and no
// active decode targets reads back with all of them.
struct DependencyDescriptorWriter {
  static constexpr std::size_t kMaxSize = 255;  // of a header extension's value

  DependencyDescriptor descriptor{};
  const DependencyStructure* structure = nullptr;  // goes along where descriptor.has_structure
  // Bit i: chain i protects an active decode target. The diffs of others are
  // not looked at by receivers, and what they read is any.
  std::uint32_t active_chains = ~std::uint32_t{0};

  // 0 when there is no structure, or it cannot be written, or has no template
  // of the frame's layer; when a frame diff is not 1 to 4096, a decode target
  // is active that does not exist, or kMaxSize is passed.
  constexpr std::size_t WireSize() const {
    std::array<std::uint8_t, kMaxSize> scratch;
    return WriteTo(scratch);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    std::array<std::uint8_t, kMaxSize> scratch;
    const std::size_t size = WriteTo(scratch);
    if (size == 0 || out.size() < size) return false;
    std::copy_n(scratch.begin(), size, out.begin());
    return true;
  }

 private:
  // What is to be said beside a template, and in how many bits.
  struct Match {
    int template_index = -1;
    bool own_targets = false;
    bool own_diffs = false;
    bool own_chains = false;
    int bits = 0;
  };

  static constexpr int DiffSize(std::uint16_t diff) { return diff <= 16 ? 1 : diff <= 256 ? 2 : 3; }

  constexpr Match MatchWith(const FrameDependencies& candidate) const {
    const FrameDependencies& frame = descriptor.frame;
    Match match;
    if (frame.decode_targets != candidate.decode_targets) {
      match.own_targets = true;
      match.bits += 2 * structure->decode_target_count;
    }
    if (frame.frame_diffs != candidate.frame_diffs) {
      match.own_diffs = true;
      match.bits += 2;
      for (const std::uint16_t diff : frame.frame_diffs) match.bits += 2 + 4 * DiffSize(diff);
    }
    for (std::size_t i = 0; i < structure->chain_count && !match.own_chains; ++i) {
      match.own_chains = (active_chains >> i & 1u) != 0 && frame.chain_diffs[i] != candidate.chain_diffs[i];
    }
    if (match.own_chains) match.bits += 8 * structure->chain_count;
    return match;
  }
  // The first of the best; template_index -1 when none is of this layer.
  constexpr Match FindBest() const {
    Match best;
    int index = -1;
    for (const FrameDependencies& candidate : structure->all_templates()) {
      ++index;
      if (candidate.spatial_id != descriptor.frame.spatial_id) continue;
      if (candidate.temporal_id != descriptor.frame.temporal_id) continue;
      Match match = MatchWith(candidate);
      match.template_index = index;
      if (best.template_index < 0 || match.bits < best.bits) best = match;
      if (best.bits == 0) break;
    }
    return best;
  }
  // The size; 0 when it cannot be written.
  constexpr std::size_t WriteTo(MutableBytes out) const {
    const FrameDependencies& frame = descriptor.frame;
    if (structure == nullptr || structure->template_count > DependencyStructure::kMaxTemplates ||
        structure->chain_count > DependencyStructure::kMaxDecodeTargets || structure->decode_target_count < 1 ||
        structure->decode_target_count > DependencyStructure::kMaxDecodeTargets) {
      return 0;
    }
    const Match match = FindBest();
    if (match.template_index < 0) return 0;
    const bool says_active =
        descriptor.has_active_decode_targets &&
        !(descriptor.has_structure && descriptor.active_decode_targets == structure->AllDecodeTargets());
    if (says_active && (descriptor.active_decode_targets & ~structure->AllDecodeTargets()) != 0) return 0;

    out[0] = static_cast<std::uint8_t>((descriptor.start_of_frame ? 0x80 : 0) |
                                       (descriptor.end_of_frame ? 0x40 : 0) |
                                       structure->TemplateId(match.template_index));
    StoreU16(out.data() + 1, descriptor.frame_number.value());
    if (match.bits == 0 && !descriptor.has_structure && !says_active) return MandatoryDescriptorFields::kSize;

    BitWriter writer(out.subspan(MandatoryDescriptorFields::kSize));
    writer.WriteBits((descriptor.has_structure ? 0x10u : 0) | (says_active ? 0x08u : 0) |
                         (match.own_targets ? 0x04u : 0) | (match.own_diffs ? 0x02u : 0) |
                         (match.own_chains ? 0x01u : 0), 5);
    if (descriptor.has_structure && !structure->Write(writer)) return 0;
    if (says_active) writer.WriteBits(descriptor.active_decode_targets, structure->decode_target_count);
    if (match.own_targets) frame.decode_targets.WriteTo(writer, structure->decode_target_count);
    if (match.own_diffs) {
      for (const std::uint16_t diff : frame.frame_diffs) {
        if (diff < 1 || diff > DependencyDescriptor::kMaxFrameDiff) return 0;
        const int size = DiffSize(diff);
        writer.WriteBits(static_cast<std::uint32_t>(size), 2);
        writer.WriteBits(diff - 1u, 4 * size);
      }
      writer.WriteBits(0, 2);
    }
    for (std::size_t i = 0; match.own_chains && i < structure->chain_count; ++i) {
      writer.WriteBits((active_chains >> i & 1u) != 0 ? frame.chain_diffs[i] : 0, 8);
    }
    return writer.ok() ? MandatoryDescriptorFields::kSize + writer.byte_size() : 0;
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_DEPENDENCY_DESCRIPTOR_H_
