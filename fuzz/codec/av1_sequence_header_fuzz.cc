#include "mediacore/codec/av1_sequence_header.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/av1_frame_header.h"

namespace mediacore::codec {
namespace {

// What the specification says of the fields together.
void CheckFieldsAgree(const Av1SequenceHeader& s) {
  FUZZ_CHECK(s.profile <= 2 && s.width() <= 2 << s.frame_width_bits_minus_1 &&
             s.height() <= 2 << s.frame_height_bits_minus_1);
  FUZZ_CHECK(!s.reduced_still_picture_header || (s.still_picture && s.operating_points_cnt_minus_1 == 0));
  FUZZ_CHECK(s.order_hint_bits <= 8 && (s.order_hint_bits > 0) == s.enable_order_hint);
  FUZZ_CHECK(s.seq_force_screen_content_tools <= 2 && s.seq_force_integer_mv <= 2);
  for (std::size_t i = 0; i <= s.operating_points_cnt_minus_1; ++i) {
    const auto& point = s.operating_points[i];
    FUZZ_CHECK((!point.tier || point.level > 7) && point.level <= 31);
    FUZZ_CHECK(!point.decoder_model_present || s.decoder_model_info_present);
  }
  FUZZ_CHECK(s.bit_depth == 8 || s.bit_depth == 10 || (s.bit_depth == 12 && s.profile == 2));
  FUZZ_CHECK(s.subsampling_x || !s.subsampling_y);
  FUZZ_CHECK(s.profile != 0 || (s.subsampling_x && s.subsampling_y));
  FUZZ_CHECK(s.profile != 1 || (!s.mono_chrome && !s.subsampling_x));
  FUZZ_CHECK(s.profile != 2 || s.bit_depth == 12 || s.mono_chrome || (s.subsampling_x && !s.subsampling_y));
  FUZZ_CHECK(s.chroma_sample_position == 0 || s.subsampling_y);
}

// A sequence header that is read can be written, bit by bit as it was, and reads
// the same; so it does after any field of it changed, if it can be written at all.
void CheckWritesBack(const Av1SequenceHeader& sequence, Bytes payload, fuzz::Input input) {
  std::vector<std::uint8_t> out(Av1SequenceHeader::kMaxSize);
  std::size_t size = 0;
  FUZZ_CHECK(sequence.Write(out, size));
  BitReader written(Bytes(out).first(size));
  BitReader read(payload);
  std::size_t bits = size * 8;  // but for the trailing ones
  while ((out[(bits - 1) / 8] >> (7 - (bits - 1) % 8) & 1) == 0) --bits;
  for (--bits; bits > 0; --bits) FUZZ_CHECK(written.ReadBit() == read.ReadBit());
  FUZZ_CHECK(*Av1SequenceHeader::ParsePayload(Bytes(out).first(size)) == sequence);
  FUZZ_CHECK(!sequence.Write(MutableBytes(out).first(size - 1), size));

  Av1SequenceHeader other = sequence;
  const std::uint8_t what = input.U8();
  const std::uint8_t value = input.U8();
  switch (what % 16) {
    case 0: other.profile = value; break;
    case 1: other.bit_depth = value; break;
    case 2: other.operating_points_cnt_minus_1 = value; break;
    case 3: other.operating_points[value % 32].idc = input.U16(); break;
    case 4: other.operating_points[value % 32].tier = true; break;
    case 5: other.frame_width_bits_minus_1 = value; break;
    case 6: other.max_frame_height_minus_1 = input.U16(); break;
    case 7: other.seq_force_screen_content_tools = value; break;
    case 8: other.seq_force_integer_mv = value; break;
    case 9: other.order_hint_bits = value; break;
    case 10: other.subsampling_y = !other.subsampling_y; break;
    case 11: other.matrix_coefficients = value; break;
    case 12: other.num_ticks_per_picture_minus_1 = value == 0 ? 0xffffffff : value; break;
    case 13: other.time_scale = value; break;
    case 14: other.still_picture = !other.still_picture; break;
    default: other.chroma_sample_position = value; break;
  }
  if (other.Write(out, size)) FUZZ_CHECK(*Av1SequenceHeader::ParsePayload(Bytes(out).first(size)) == other);
}

void CheckFrame(const Av1ObuView& obu, const Av1SequenceHeader& sequence) {
  const auto frame = Av1FrameHeader::Parse(obu, sequence);
  if (!frame) {
    FUZZ_CHECK(ToString(frame.error()).starts_with("av1 frame: "));
    const bool has_one = BeginsAv1Frame(obu.type()) || obu.type() == Av1ObuType::kRedundantFrameHeader;
    FUZZ_CHECK((frame.error() == Av1FrameError::kWrongType) == !has_one);
    // With more bytes it has one.
    std::vector<std::uint8_t> longer(obu.payload().begin(), obu.payload().end());
    longer.resize(longer.size() + 200);
    const Av1ObuWriter writer{obu.type(),
                              obu.has_extension(),
                              static_cast<std::uint8_t>(obu.temporal_id()),
                              static_cast<std::uint8_t>(obu.spatial_id()),
                              false,
                              longer};
    std::vector<std::uint8_t> out(writer.WireSize());
    FUZZ_CHECK(writer.Write(out) && Av1FrameHeader::Parse(*Av1ObuView::Parse(out), sequence).has_value() == has_one);
    return;
  }
  FUZZ_CHECK(!ToString(frame->frame_type).empty());
  FUZZ_CHECK(!frame->is_shown_key_frame() || (!frame->is_discardable() && frame->refresh_frame_flags == 0xff));
  FUZZ_CHECK(frame->order_hint >> sequence.order_hint_bits == 0);
}

}  // namespace
}  // namespace mediacore::codec

// A row of OBUs: sequence headers and what is under them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  Av1SequenceHeader sequence;
  ByteReader reader({data, size});
  bool sequence_before = false;
  bool begins = false;
  bool frame_before = false;
  while (const auto obu = Av1ObuView::TakeFrom(reader)) {
    const auto parsed = Av1SequenceHeader::Parse(*obu);
    if (parsed) {
      sequence = *parsed;
      const CodecString name = sequence.codec_string();  // "av01.2.31H.12.0.000.255.255.255.1" at the longest
      FUZZ_CHECK(name.view().starts_with("av01.") && (name.view().size() == 13 || name.view().size() >= 30) &&
                 name.view().size() <= 33);
      FUZZ_CHECK(sequence.frame_rate() <= Frequency::Hertz(1000) && sequence.width() <= 65536);
      CheckFieldsAgree(sequence);
      CheckWritesBack(sequence, obu->payload(), fuzz::Input(data, size));
    } else {
      FUZZ_CHECK(ToString(parsed.error()).starts_with("av1 sequence: "));
      FUZZ_CHECK((parsed.error() == Av1SequenceError::kWrongType) == (obu->type() != Av1ObuType::kSequenceHeader));
    }
    CheckFrame(*obu, sequence);
    if (obu->payload().empty()) continue;
    if (BeginsAv1Frame(obu->type()) && !frame_before) {
      frame_before = true;
      begins = sequence_before && (sequence.reduced_still_picture_header || obu->payload()[0] >> 4 == 1);
    }
    if (obu->type() == Av1ObuType::kSequenceHeader && !frame_before) {
      sequence_before = true;
      sequence.reduced_still_picture_header = (obu->payload()[0] & 8) != 0;
    }
  }
  FUZZ_CHECK(BeginsAv1Sequence({data, size}) == begins);
  return 0;
}
