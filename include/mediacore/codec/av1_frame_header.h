#ifndef MEDIACORE_CODEC_AV1_FRAME_HEADER_H_
#define MEDIACORE_CODEC_AV1_FRAME_HEADER_H_

#include "mediacore/codec/av1_sequence_header.h"

namespace mediacore::codec {

// frame_type of the AV1 specification, section 6.8.2.
enum class Av1FrameType : std::uint8_t { kKey, kInter, kIntraOnly, kSwitch };

constexpr std::string_view ToString(Av1FrameType type) {
  switch (type) {
    case Av1FrameType::kKey: return "key";
    case Av1FrameType::kInter: return "inter";
    case Av1FrameType::kIntraOnly: return "intra only";
    case Av1FrameType::kSwitch: return "switch";
  }
  return "unknown";
}

// Why an OBU has no frame header, in the order the parser looks.
enum class Av1FrameError : std::uint8_t {
  kWrongType,  // another OBU
  kTruncated,  // a field lies past the end
};

constexpr std::string_view ToString(Av1FrameError error) {
  switch (error) {
    case Av1FrameError::kWrongType: return "av1 frame: another OBU";
    case Av1FrameError::kTruncated: return "av1 frame: truncated";
  }
  return "av1 frame: unknown";
}

// The head of a frame: uncompressed_header() of the AV1 specification, section
// 5.9.2, as far as refresh_frame_flags. What comes behind needs a decoder's memory.
//
//   const auto frame = Av1FrameHeader::Parse(*obu, sequence);
//   if (frame && frame->is_discardable()) ...
//
// Reads at most 140 bytes.
struct Av1FrameHeader {
  bool show_existing_frame = false;  // shows what is kept; of the others only the next holds then
  std::uint8_t frame_to_show_map_idx = 0;
  Av1FrameType frame_type = Av1FrameType::kKey;
  bool show_frame = true;
  bool showable_frame = false;
  bool error_resilient_mode = true;
  bool frame_size_override = false;
  std::uint8_t order_hint = 0;
  std::uint8_t refresh_frame_flags = 0xff;  // the places where it is kept

  // Of an OBU that is a frame, a frame header or a redundant one; `sequence` is the
  // sequence header that came before.
  static constexpr Expected<Av1FrameHeader, Av1FrameError> Parse(const Av1ObuView& obu,
                                                                 const Av1SequenceHeader& sequence);

  // Decoding can begin with it.
  constexpr bool is_shown_key_frame() const {
    return !show_existing_frame && frame_type == Av1FrameType::kKey && show_frame;
  }
  // No other frame refers to it. A frame that was kept and is shown may be a key
  // frame, which is then kept everywhere: nobody knows here.
  constexpr bool is_discardable() const { return !show_existing_frame && refresh_frame_flags == 0; }

  constexpr bool operator==(const Av1FrameHeader&) const = default;
};

constexpr Expected<Av1FrameHeader, Av1FrameError> Av1FrameHeader::Parse(const Av1ObuView& obu,
                                                                        const Av1SequenceHeader& sequence) {
  if (!BeginsAv1Frame(obu.type()) && obu.type() != Av1ObuType::kRedundantFrameHeader) return Av1FrameError::kWrongType;
  BitReader bits(obu.payload());
  Av1FrameHeader frame;
  const int id_bits = sequence.delta_frame_id_length_minus_2 + sequence.additional_frame_id_length_minus_1 + 3;
  const bool has_times = sequence.decoder_model_info_present && !sequence.equal_picture_interval;
  const int time_bits = sequence.frame_presentation_time_length_minus_1 + 1;
  if (!sequence.reduced_still_picture_header) {
    frame.show_existing_frame = bits.ReadBit();
    if (frame.show_existing_frame) {
      frame.frame_to_show_map_idx = static_cast<std::uint8_t>(bits.ReadBits(3));
      if (has_times) bits.ReadBits(time_bits);
      if (sequence.frame_id_numbers_present) bits.ReadBits(id_bits);
      if (!bits.ok()) return Av1FrameError::kTruncated;
      return frame;
    }
    frame.frame_type = static_cast<Av1FrameType>(bits.ReadBits(2));
    frame.show_frame = bits.ReadBit();
    if (frame.show_frame && has_times) bits.ReadBits(time_bits);
    frame.showable_frame = frame.show_frame ? frame.frame_type != Av1FrameType::kKey : bits.ReadBit();
    frame.error_resilient_mode =
        frame.frame_type == Av1FrameType::kSwitch || frame.is_shown_key_frame() || bits.ReadBit();
  }
  bits.ReadBit();  // disable_cdf_update
  const auto choice = [&bits](std::uint8_t of_sequence) {
    return of_sequence == 2 ? bits.ReadBit() : of_sequence == 1;
  };
  if (choice(sequence.seq_force_screen_content_tools)) choice(sequence.seq_force_integer_mv);
  if (sequence.frame_id_numbers_present) bits.ReadBits(id_bits);
  if (frame.frame_type == Av1FrameType::kSwitch) {
    frame.frame_size_override = true;
  } else if (!sequence.reduced_still_picture_header) {
    frame.frame_size_override = bits.ReadBit();
  }
  frame.order_hint = static_cast<std::uint8_t>(bits.ReadBits(sequence.order_hint_bits));
  const bool intra = frame.frame_type == Av1FrameType::kKey || frame.frame_type == Av1FrameType::kIntraOnly;
  if (!intra && !frame.error_resilient_mode) bits.ReadBits(3);  // primary_ref_frame
  if (sequence.decoder_model_info_present && bits.ReadBit()) {  // buffer_removal_time_present_flag
    const unsigned layer = 1u << obu.temporal_id();
    const unsigned spatial = 0x100u << obu.spatial_id();
    for (std::size_t i = 0; i <= sequence.operating_points_cnt_minus_1; ++i) {
      const Av1SequenceHeader::OperatingPoint& point = sequence.operating_points[i];
      const bool inside = point.idc == 0 || ((point.idc & layer) != 0 && (point.idc & spatial) != 0);
      if (point.decoder_model_present && inside) bits.ReadBits(sequence.buffer_removal_time_length_minus_1 + 1);
    }
  }
  if (frame.frame_type != Av1FrameType::kSwitch && !frame.is_shown_key_frame()) {
    frame.refresh_frame_flags = static_cast<std::uint8_t>(bits.ReadBits(8));
  }
  if (!bits.ok()) return Av1FrameError::kTruncated;
  return frame;
}

// Whether a row of OBUs begins a coded video sequence (section 7.5): it has a
// sequence header, and its first frame is a key frame that is shown.
constexpr bool BeginsAv1Sequence(Bytes obus) noexcept {
  bool sequence = false;
  bool reduced = false;
  ByteReader reader(obus);
  while (const auto obu = Av1ObuView::TakeFrom(reader)) {
    if (obu->payload().empty()) continue;
    const std::uint8_t first = obu->payload()[0];
    if (obu->type() == Av1ObuType::kSequenceHeader) {
      sequence = true;
      reduced = (first & 8) != 0;
    }
    // show_existing_frame 0, frame_type 0, show_frame 1
    if (BeginsAv1Frame(obu->type())) return sequence && (reduced || first >> 4 == 1);
  }
  return false;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AV1_FRAME_HEADER_H_
