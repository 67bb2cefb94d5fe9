#ifndef MEDIACORE_CODEC_H264_DEPACKETIZER_H_
#define MEDIACORE_CODEC_H264_DEPACKETIZER_H_

#include <cstring>

#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/h264.h"

namespace mediacore::codec {

// What is wrong with one packet of H.264, in the order looked.
enum class H264PayloadError : std::uint8_t {
  kNone,
  kForbiddenBit,         // forbidden_zero_bit is set
  kStapB,                // a packet type that needs packetization-mode 2
  kMtap16,               // likewise
  kMtap24,               // likewise
  kFuB,                  // likewise
  kReservedType,         // type 0, 30 or 31
  kTruncated,            // an aggregate or a fragment shorter than its header
  kBadAggregate,         // a STAP-A size that is 0 or past the end
  kNested,               // something else than a NAL unit inside STAP-A or FU-A
  kStartAndEnd,          // a fragment that is both the first and the last
  kNoStart,              // a fragment whose first one did not come
  kBadContinuation,      // a fragment of another NAL unit than the one before
  kUnfinished,           // a NAL unit while the fragments of another had no end
};
inline constexpr std::size_t kH264PayloadErrors = 14;

constexpr std::string_view ToString(H264PayloadError error) {
  switch (error) {
    case H264PayloadError::kNone: return "h264 payload: fine";
    case H264PayloadError::kForbiddenBit: return "h264 payload: forbidden bit set";
    case H264PayloadError::kStapB: return "h264 payload: STAP-B is not supported";
    case H264PayloadError::kMtap16: return "h264 payload: MTAP16 is not supported";
    case H264PayloadError::kMtap24: return "h264 payload: MTAP24 is not supported";
    case H264PayloadError::kFuB: return "h264 payload: FU-B is not supported";
    case H264PayloadError::kReservedType: return "h264 payload: reserved type";
    case H264PayloadError::kTruncated: return "h264 payload: truncated";
    case H264PayloadError::kBadAggregate: return "h264 payload: bad size in STAP-A";
    case H264PayloadError::kNested: return "h264 payload: no NAL unit inside";
    case H264PayloadError::kStartAndEnd: return "h264 payload: fragment starts and ends";
    case H264PayloadError::kNoStart: return "h264 payload: fragment without start";
    case H264PayloadError::kBadContinuation: return "h264 payload: fragment of another unit";
    case H264PayloadError::kUnfinished: return "h264 payload: fragments without end";
  }
  return "h264 payload: unknown";
}

// Looks at one payload alone (RFC 6184, section 5.2): everything above up to
// kStartAndEnd. An empty payload is fine: padding is sent so.
constexpr H264PayloadError CheckH264Payload(Bytes payload) {
  using enum H264PayloadError;
  if (payload.empty()) return kNone;
  if ((payload[0] & 0x80) != 0) return kForbiddenBit;
  const int type = payload[0] & 0x1f;
  if (type >= 1 && type <= 23) return kNone;
  if (type == 24) {
    if (payload.size() < 4) return kTruncated;
    ByteReader reader(payload.subspan(1));
    while (!reader.empty()) {
      std::uint16_t size = 0;
      Bytes nal;
      if (!reader.ReadU16(size) || size == 0 || !reader.ReadBytes(size, nal)) {
        return kBadAggregate;
      }
      if ((nal[0] & 0x80) != 0) return kForbiddenBit;
      const int inner = nal[0] & 0x1f;
      if (inner == 0 || inner > 23) return kNested;
    }
    return kNone;
  }
  if (type == 28) {
    if (payload.size() < 2) return kTruncated;
    const int inner = payload[1] & 0x1f;
    if (inner == 0 || inner > 23) return kNested;
    return payload[1] >> 6 == 3 ? kStartAndEnd : kNone;
  }
  if (type == 25) return kStapB;
  if (type == 26) return kMtap16;
  if (type == 27) return kMtap24;
  return type == 29 ? kFuB : kReservedType;
}

// Puts the access units of an H.264 stream together again (RFC 6184,
// packetization modes 0 and 1: single NAL units, STAP-A, FU-A).
//
//   H264Depacketizer depacketizer(frame_storage);
//   if (auto error = depacketizer.HandlePacket(packet); error != kNone) Count(error);
//   EncodedFrame frame;
//   while (depacketizer.PollFrame(frame)) Use(frame);
//
// Packets come in the order of their sequence numbers, each once; `lost_before`
// says where one is missing. The bytes of a payload are copied once, to where
// the frame is built; a frame is good until the next HandlePacket() or Flush().
// At most two frames end with one packet: the one before, that had no marker,
// and its own.
//
// A frame ends with the marker or where the timestamp changes. It is given out
// only when it is whole:
//   * a loss while it is open, an error in one of its packets, or fragments
//     without their end drop it, once, whatever else is wrong with it;
//   * after a loss (and at the start) nobody knows whether the missing packet
//     was the head of the frame that comes next. It is taken when its first NAL
//     unit can be the first of a picture: an access unit delimiter, parameter
//     set, SEI, or a slice with first_mb_in_slice 0. What may be missing then
//     is SEI, and parameter sets that came before; a key frame without any is
//     dropped if the stream's key frames have had them inside so far.
// Access unit delimiters and filler data are left out. Units without any slice
// are no frame: their parameter sets are kept, the rest is counted.
//
// Memory: itself (4 kB) and the caller's storage, which bounds the frame with
// its length fields; a larger one is dropped and counted. One packet more than
// the largest frame is enough for streams whose markers get lost or are never
// sent. No heap.
class H264Depacketizer {
 public:
  using Error = H264PayloadError;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t frames = 0;      // given out
    std::uint64_t key_frames = 0;  // of these
    std::uint64_t dropped_incomplete = 0;
    std::uint64_t dropped_too_large = 0;
    std::uint64_t without_picture = 0;  // parameter sets or SEI alone
    std::uint64_t not_polled = 0;       // of `frames`: nobody asked in time
    std::uint64_t refused_parameter_sets = 0;
    std::array<std::uint64_t, kH264PayloadErrors> errors{};  // [0]: fine
  };

  explicit H264Depacketizer(MutableBytes frame_storage)
      : storage_(frame_storage) {}

  // Parameter sets from outside the stream (sprop-parameter-sets, decoded), one
  // NAL unit each. What comes inside the stream later takes their place. False
  // when it is no SPS or PPS.
  bool AddParameterSet(Bytes nal) { return sets_.Store(nal); }
  // What the stream stands under now; AvccWriter makes avcC of it.
  const ParameterSets& parameter_sets() const { return sets_; }

  // kNone: the packet is fine (its frame may be dropped all the same). The
  // frames of the last call that were not polled are gone.
  Error HandlePacket(const RtpPayload& packet);

  [[nodiscard]] bool PollFrame(EncodedFrame& out) {
    if (polled_ == ready_) return false;
    out = frames_[polled_++];
    return true;
  }

  // The stream ends here (or is another one from here on: the next packet is
  // taken as after a loss). Of a frame without its marker nobody knows that it
  // is whole, so it is dropped, unless an end of sequence or end of stream unit
  // was its last.
  void Flush();

  const Counters& counters() const { return counters_; }

 private:
  enum class State : std::uint8_t { kIdle, kOpen, kDropping };

  Error Append(Bytes payload);
  Error AppendFragment(Bytes payload);
  void AppendNal(Bytes nal);
  // What a whole unit tells about its frame; false: leave it out.
  bool Note(Bytes nal);
  [[nodiscard]] bool HasRoom(std::size_t size);
  void DropOpen(std::uint64_t& counter);
  void Finish();
  void ForgetPolled();
  static bool CanBeHead(Bytes payload);

  MutableBytes storage_;
  // The open frame is storage_[begin_, end_); what lies before are the frames
  // that ended in this call.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t fragment_at_ = 0;  // the length field of the unit in fragments
  RtpTimestamp timestamp_;
  State state_ = State::kIdle;
  bool gap_ = true;       // packets are missing before the next one
  bool after_gap_ = false;  // the open frame came after a gap
  bool in_fragments_ = false;
  std::uint8_t fragment_header_ = 0;
  bool picture_ = false;
  bool key_ = false;
  bool referenced_ = false;
  bool has_sps_ = false;
  bool sequence_ended_ = false;
  bool key_frames_bring_sps_ = false;

  std::array<EncodedFrame, 2> frames_{};
  std::size_t ready_ = 0;
  std::size_t polled_ = 0;
  ParameterSets sets_;
  Counters counters_;
};

inline H264PayloadError H264Depacketizer::HandlePacket(const RtpPayload& packet) {
  ForgetPolled();
  ++counters_.packets;
  if (packet.lost_before) {
    gap_ = true;
    if (state_ == State::kOpen) DropOpen(counters_.dropped_incomplete);
  }
  Error error = CheckH264Payload(packet.payload);
  if (!packet.payload.empty()) {
    if (state_ != State::kIdle && packet.rtp_timestamp != timestamp_) Finish();
    if (state_ == State::kIdle) {
      state_ = State::kOpen;
      timestamp_ = packet.rtp_timestamp;
      begin_ = end_;
      after_gap_ = gap_;
      picture_ = key_ = referenced_ = has_sps_ = sequence_ended_ = false;
      if (gap_ && error == Error::kNone && !CanBeHead(packet.payload)) {
        DropOpen(counters_.dropped_incomplete);
      }
    }
    gap_ = false;
    if (error == Error::kNone && state_ == State::kOpen) {
      error = Append(packet.payload);
    }
    if (error != Error::kNone && state_ == State::kOpen) {
      DropOpen(counters_.dropped_incomplete);
    }
  }
  if (packet.marker && packet.rtp_timestamp == timestamp_) Finish();
  ++counters_.errors[static_cast<std::size_t>(error)];
  return error;
}

inline void H264Depacketizer::Flush() {
  ForgetPolled();
  if (state_ == State::kOpen && !sequence_ended_) {
    DropOpen(counters_.dropped_incomplete);
  }
  Finish();
  gap_ = true;
}

inline H264PayloadError H264Depacketizer::Append(Bytes payload) {
  const int type = payload[0] & 0x1f;
  if (type == 28) return AppendFragment(payload);
  if (in_fragments_) return Error::kUnfinished;
  if (type != 24) {
    AppendNal(payload);
    return Error::kNone;
  }
  // Checked by CheckH264Payload(): sizes fit, none is 0.
  for (std::size_t at = 1; at < payload.size() && state_ == State::kOpen;) {
    const std::size_t size = LoadU16(payload.data() + at);
    AppendNal(payload.subspan(at + 2, size));
    at += 2 + size;
  }
  return Error::kNone;
}

inline H264PayloadError H264Depacketizer::AppendFragment(Bytes payload) {
  const auto header =
      static_cast<std::uint8_t>((payload[0] & 0xe0) | (payload[1] & 0x1f));
  const bool start = (payload[1] & 0x80) != 0;
  const bool end = (payload[1] & 0x40) != 0;
  const Bytes piece = payload.subspan(2);
  if (start) {
    if (in_fragments_) return Error::kUnfinished;
    if (!HasRoom(4 + 1 + piece.size())) return Error::kNone;
    in_fragments_ = true;
    fragment_header_ = header;
    fragment_at_ = end_;
    storage_[end_ + 4] = header;
    end_ += 5;
  } else {
    if (!in_fragments_) return Error::kNoStart;
    if (header != fragment_header_) return Error::kBadContinuation;
    if (!HasRoom(piece.size())) return Error::kNone;
  }
  if (!piece.empty()) {
    std::memcpy(storage_.data() + end_, piece.data(), piece.size());
    end_ += piece.size();
  }
  if (end) {
    in_fragments_ = false;
    const std::size_t size = end_ - fragment_at_ - 4;
    StoreU32(storage_.data() + fragment_at_, static_cast<std::uint32_t>(size));
    if (!Note(Bytes(storage_).subspan(fragment_at_ + 4, size))) end_ = fragment_at_;
  }
  return Error::kNone;
}

inline void H264Depacketizer::AppendNal(Bytes nal) {
  if (!Note(nal) || !HasRoom(4 + nal.size())) return;
  std::uint8_t* to = storage_.data() + end_;
  StoreU32(to, static_cast<std::uint32_t>(nal.size()));
  std::memcpy(to + 4, nal.data(), nal.size());
  end_ += 4 + nal.size();
}

inline bool H264Depacketizer::Note(Bytes nal) {
  const NalType type = NalTypeOf(nal[0]);
  sequence_ended_ =
      type == NalType::kEndOfSequence || type == NalType::kEndOfStream;
  if (IsSlice(type)) {
    picture_ = true;
    key_ = key_ || type == NalType::kIdrSlice;
    referenced_ = referenced_ || NalRefIdc(nal[0]) != 0;
    return true;
  }
  if (IsParameterSet(type)) {
    has_sps_ = has_sps_ || type == NalType::kSps;
    if (!sets_.Store(nal)) ++counters_.refused_parameter_sets;
  }
  return type != NalType::kAccessUnitDelimiter && type != NalType::kFillerData;
}

inline bool H264Depacketizer::HasRoom(std::size_t size) {
  if (size <= storage_.size() - end_) return true;
  DropOpen(counters_.dropped_too_large);
  return false;
}

inline void H264Depacketizer::DropOpen(std::uint64_t& counter) {
  ++counter;
  state_ = State::kDropping;
  in_fragments_ = false;
  end_ = begin_;
}

inline void H264Depacketizer::Finish() {
  if (state_ == State::kOpen) {
    if (in_fragments_ ||
        (after_gap_ && key_ && !has_sps_ && key_frames_bring_sps_)) {
      DropOpen(counters_.dropped_incomplete);
    } else if (!picture_) {
      ++counters_.without_picture;
      end_ = begin_;
    } else {
      if (key_) {
        ++counters_.key_frames;
        key_frames_bring_sps_ = has_sps_;
      }
      ++counters_.frames;
      frames_[ready_++] = EncodedFrame{Codec::kH264, timestamp_, key_, !referenced_,
                                       Bytes(storage_).subspan(begin_, end_ - begin_)};
    }
  }
  state_ = State::kIdle;
}

inline void H264Depacketizer::ForgetPolled() {
  counters_.not_polled += ready_ - polled_;
  ready_ = polled_ = 0;
  if (state_ == State::kOpen && begin_ > 0) {
    std::memmove(storage_.data(), storage_.data() + begin_, end_ - begin_);
    fragment_at_ -= in_fragments_ ? begin_ : 0;
    end_ -= begin_;
  } else if (state_ != State::kOpen) {
    end_ = 0;
  }
  begin_ = 0;
}

inline bool H264Depacketizer::CanBeHead(Bytes payload) {
  std::uint8_t head[16];
  Bytes nal = payload;
  if ((payload[0] & 0x1f) == 24) {
    nal = payload.subspan(3, LoadU16(payload.data() + 1));
  } else if ((payload[0] & 0x1f) == 28) {
    if ((payload[1] & 0x80) == 0) return false;
    nal = payload.subspan(1).first(std::min<std::size_t>(payload.size() - 1, 16));
    std::copy(nal.begin(), nal.end(), head);
    head[0] &= 0x1f;
    nal = Bytes(head, nal.size());
  }
  const NalType type = NalTypeOf(nal[0]);
  if (IsSlice(type)) {
    const auto slice = SliceHeader::Parse(nal);
    return slice && slice->first_mb_in_slice == 0;
  }
  return type == NalType::kAccessUnitDelimiter || type == NalType::kSei ||
         IsParameterSet(type);
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H264_DEPACKETIZER_H_
