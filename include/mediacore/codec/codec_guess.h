#ifndef MEDIACORE_CODEC_CODEC_GUESS_H_
#define MEDIACORE_CODEC_CODEC_GUESS_H_

#include "mediacore/codec/aac_depacketizer.h"
#include "mediacore/codec/av1_aggregation.h"
#include "mediacore/codec/av1_sequence_header.h"
#include "mediacore/codec/h264_depacketizer.h"
#include "mediacore/codec/h265_depacketizer.h"
#include "mediacore/codec/opus.h"
#include "mediacore/codec/vp8.h"
#include "mediacore/codec/vp9.h"
#include "mediacore/codec/vp9_frame_header.h"

namespace mediacore::codec {

// Recognises a stream from its payloads, where there is no session description:
// H.264 (RFC 6184), AAC (RFC 3640, AAC-hbr with 13, 3 and 3 bits), Opus (RFC 7587),
// H.265 (RFC 7798), VP8 (RFC 7741), VP9 (RFC 9628) or AV1.
//
//   CodecGuess guess;
//   for (packet : one stream, in order) guess.HandlePacket(packet);
//   if (guess.codec() != Codec::kUnknown) ...
//
// Looks at the first kMaxPackets payloads that are not empty, and wants at
// least kMinPackets. Fifteen of sixteen must be valid for the codec, and:
//   AAC    AU-headers and bytes agree exactly; that is hardly ever by chance
//   Opus   three of four timestamps advance by what the packet before lasts at
//          48 kHz (the silences of DTX may be longer)
//   H.264  a picture is seen to begin, and slices are most of what there is
//   H.265  of the base layer, of types that are sent, and a sequence parameter set is
//          among them
//   VP8, VP9, AV1   reserved bits are 0, and a key frame is seen to begin, with its
//          start code, sync code or sequence header
// in this order; otherwise it says kUnknown. The same payloads always give the
// same answer. No heap, 88 bytes.
class CodecGuess {
 public:
  static constexpr int kMinPackets = 4;
  static constexpr int kMaxPackets = 256;

  constexpr void HandlePacket(const RtpPayload& packet) {
    if (packet.payload.empty() || packets_ == kMaxPackets) return;
    ++packets_;
    HandleH264(packet.payload);
    aac_ += AacPayloadView::Parse(packet.payload, {}) ? 1 : 0;
    HandleOpus(packet);
    HandleH265(packet.payload);
    HandleVp8(packet.payload);
    HandleVp9(packet.payload);
    HandleAv1(packet.payload);
  }

  constexpr int packets() const { return packets_; }
  // Further packets will not change the answer.
  constexpr bool done() const { return packets_ == kMaxPackets; }

  constexpr Codec codec() const {
    if (packets_ < kMinPackets) return Codec::kUnknown;
    if (Nearly(aac_)) return Codec::kAac;
    if (Nearly(opus_) && opus_steps_ > 0 && opus_in_time_ * 4 >= opus_steps_ * 3) {
      return Codec::kOpus;
    }
    if (Nearly(h264_) && h264_begins_ > 0 && h264_slices_ * 2 >= packets_) {
      return Codec::kH264;
    }
    if (Nearly(h265_) && h265_keys_ > 0) return Codec::kH265;
    if (Nearly(vp8_) && vp8_keys_ > 0) return Codec::kVp8;
    if (Nearly(vp9_) && vp9_keys_ > 0) return Codec::kVp9;
    if (Nearly(av1_) && av1_keys_ > 0) return Codec::kAv1;
    return Codec::kUnknown;
  }

 private:
  constexpr bool Nearly(int count) const { return count * 16 >= packets_ * 15; }

  // Stricter than the depacketiser: nal_ref_idc as section 7.4.1 wants it, and
  // no types that nobody sends.
  static constexpr bool IsPlausible(std::uint8_t header) {
    const int importance = NalRefIdc(header);
    switch (NalTypeOf(header)) {
      case NalType::kIdrSlice:
      case NalType::kSps:
      case NalType::kPps: return importance != 0;
      case NalType::kSei:
      case NalType::kAccessUnitDelimiter:
      case NalType::kEndOfSequence:
      case NalType::kEndOfStream:
      case NalType::kFillerData: return importance == 0;
      case NalType::kSlice:
      case NalType::kPrefix: return true;
      default: return false;
    }
  }

  constexpr void HandleH264(Bytes payload) {
    if (CheckH264Payload(payload) != H264PayloadError::kNone) return;
    const int type = payload[0] & 0x1f;
    if (type == 24) {
      for (std::size_t at = 1; at < payload.size();) {
        const Bytes nal =
            payload.subspan(at + 2, LoadU16(payload.data() + at));
        if (!IsPlausible(nal[0])) return;
        NoteNal(nal);
        at += 2 + nal.size();
      }
      ++h264_slices_;
    } else if (type == 28) {
      const auto header =
          static_cast<std::uint8_t>((payload[0] & 0x60) | (payload[1] & 0x1f));
      if (!IsPlausible(header) || (payload[1] & 0x20) != 0) return;
      ++h264_slices_;
      if ((payload[1] & 0x80) != 0) {
        std::array<std::uint8_t, 16> head{};
        const Bytes nal = payload.subspan(1).first(
            std::min(payload.size() - 1, head.size()));
        std::copy(nal.begin(), nal.end(), head.begin());
        head[0] = header;
        NoteNal(Bytes(head).first(nal.size()));
      }
    } else {
      if (!IsPlausible(payload[0])) return;
      const NalType nal_type = NalTypeOf(payload[0]);
      if (IsSlice(nal_type)) {
        if (!SliceHeader::Parse(payload)) return;
        ++h264_slices_;
      }
      NoteNal(payload);
    }
    ++h264_;
  }

  constexpr void NoteNal(Bytes nal) {
    const auto slice = SliceHeader::Parse(nal);
    if (slice && slice->first_mb_in_slice == 0) ++h264_begins_;
  }

  constexpr void HandleOpus(const RtpPayload& packet) {
    const auto view = OpusPacketView::Parse(packet.payload);
    if (opus_samples_ != 0 && !packet.lost_before) {
      const std::int64_t step = packet.rtp_timestamp - opus_timestamp_;
      ++opus_steps_;
      if (step == opus_samples_) ++opus_in_time_;
    }
    opus_ += view ? 1 : 0;
    opus_samples_ = view ? view->samples() : 0;
    opus_timestamp_ = packet.rtp_timestamp;
  }

  constexpr void HandleH265(Bytes payload) {
    H265Payload read;
    H265NalHeader unit;
    Bytes rest;
    if (CheckH265Payload(payload) != H265PayloadError::kNone ||
        H265Payload::Read(payload, read) != H265PayloadError::kNone || read.header.layer_id != 0) {
      return;
    }
    if (static_cast<int>(read.header.type) == H265NalHeader::kAggregation) {
      ByteReader reader(read.body);
      std::uint16_t size = 0;
      Bytes nal;
      while (reader.ReadU16(size) && reader.ReadBytes(size, nal)) NoteH265(nal);
    } else if (static_cast<int>(read.header.type) != H265NalHeader::kFragmentation) {
      NoteH265(payload);
    }
    const bool first = H265Assembler::FirstUnit(read.header, read.body, unit, rest);
    const int type = static_cast<int>(unit.type);
    h265_ += !first || (type <= 9 || (type >= 16 && type <= 21) || (type >= 32 && type <= 40)) ? 1 : 0;
  }
  constexpr void NoteH265(Bytes nal) {
    if (H265NalTypeOf(nal[0]) == H265NalType::kSps && H265Sps::Parse(nal)) ++h265_keys_;
  }

  constexpr void HandleVp8(Bytes payload) {
    ByteReader reader(payload);
    const auto descriptor = Vp8DescriptorView::TakeFrom(reader);
    if (!descriptor || (payload[0] & 0x48) != 0 || reader.empty()) return;
    if (descriptor->begins_frame()) {
      const auto header = Vp8FrameHeader::Parse(reader.rest());
      if (!header && header.error() != Vp8Error::kTruncated) return;
      vp8_keys_ += header && header->key_frame ? 1 : 0;
    }
    ++vp8_;
  }

  constexpr void HandleVp9(Bytes payload) {
    ByteReader reader(payload);
    const auto descriptor = Vp9DescriptorView::TakeFrom(reader);
    if (!descriptor || reader.empty()) return;
    if (descriptor->start_of_frame()) {
      const auto header = Vp9FrameHeader::Parse(reader.rest());
      if (!header && header.error() != Vp9FrameHeaderError::kTruncated) return;
      vp9_keys_ += header && header->key_frame && descriptor->begins_key_picture() ? 1 : 0;
    }
    ++vp9_;
  }

  constexpr void HandleAv1(Bytes payload) {
    const auto aggregation = Av1AggregationView::Parse(payload);
    if (!aggregation || (payload[0] & 7) != 0) return;
    if (aggregation->new_coded_video_sequence()) {
      const auto obu = Av1ObuView::Parse(*aggregation->begin());
      if (!obu || !Av1SequenceHeader::Parse(*obu)) return;
      ++av1_keys_;
    }
    ++av1_;
  }

  int packets_ = 0;
  int h264_ = 0;
  int h264_begins_ = 0;
  int h264_slices_ = 0;
  int aac_ = 0;
  int opus_ = 0;
  int opus_steps_ = 0;
  int opus_in_time_ = 0;
  int h265_ = 0;
  int h265_keys_ = 0;
  int vp8_ = 0;
  int vp8_keys_ = 0;
  int vp9_ = 0;
  int vp9_keys_ = 0;
  int av1_ = 0;
  int av1_keys_ = 0;
  std::int64_t opus_samples_ = 0;
  RtpTimestamp opus_timestamp_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_CODEC_GUESS_H_
