#ifndef MEDIACORE_CODEC_H264_H_
#define MEDIACORE_CODEC_H264_H_

#include <algorithm>
#include <array>
#include <string_view>

#include "mediacore/codec/h264_sps.h"
#include "mediacore/codec/sei.h"

namespace mediacore::codec {

// Why bytes are not a picture parameter set or a slice, in the order looked.
enum class H264Error : std::uint8_t {
  kTooShort,      // no byte after the header
  kWrongType,     // another nal_unit_type
  kBadValue,      // a number outside its range
  kTruncated,     // a field lies past the end
};

constexpr std::string_view ToString(H264Error error) {
  switch (error) {
    case H264Error::kTooShort: return "h264: too short";
    case H264Error::kWrongType: return "h264: another NAL unit type";
    case H264Error::kBadValue: return "h264: number out of range";
    case H264Error::kTruncated: return "h264: truncated";
  }
  return "h264: unknown";
}

// The head of a picture parameter set (ITU-T H.264, section 7.3.2.2).
struct Pps {
  std::uint8_t id = 0;
  std::uint8_t sps_id = 0;
  bool cabac = false;  // entropy_coding_mode_flag

  static constexpr Expected<Pps, H264Error> Parse(Bytes nal);
  constexpr bool operator==(const Pps&) const = default;
};

// The head of a slice or of partition A (section 7.3.3).
struct SliceHeader {
  std::uint32_t first_mb_in_slice = 0;  // 0: the first slice of its picture
  std::uint8_t slice_type = 0;          // 0 P, 1 B, 2 I, 3 SP, 4 SI; 5-9 likewise
  std::uint8_t pps_id = 0;

  static constexpr Expected<SliceHeader, H264Error> Parse(Bytes nal);
  constexpr bool is_b() const { return slice_type % 5 == 1; }
  constexpr bool operator==(const SliceHeader&) const = default;
};

constexpr Expected<Pps, H264Error> Pps::Parse(Bytes nal) {
  if (nal.size() < 2) return H264Error::kTooShort;
  if (NalTypeOf(nal[0]) != NalType::kPps) return H264Error::kWrongType;
  std::uint8_t rbsp[8];
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(1), rbsp)));
  const std::uint32_t id = bits.ReadUe();
  const std::uint32_t sps_id = bits.ReadUe();
  const bool cabac = bits.ReadBit();
  if (id > 255 || sps_id > 31) return H264Error::kBadValue;
  if (!bits.ok()) return H264Error::kTruncated;
  return Pps{static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(sps_id),
             cabac};
}

constexpr Expected<SliceHeader, H264Error> SliceHeader::Parse(Bytes nal) {
  if (nal.size() < 2) return H264Error::kTooShort;
  const NalType type = NalTypeOf(nal[0]);
  if (type != NalType::kSlice && type != NalType::kIdrSlice &&
      type != NalType::kPartitionA) {
    return H264Error::kWrongType;
  }
  std::uint8_t rbsp[12];
  BitReader bits(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(1), rbsp)));
  const std::uint32_t first_mb = bits.ReadUe();
  const std::uint32_t slice_type = bits.ReadUe();
  const std::uint32_t pps_id = bits.ReadUe();
  // 139264 macroblocks: the largest picture of any level (table A-1).
  if (first_mb >= 139264 || slice_type > 9 || pps_id > 255) {
    return H264Error::kBadValue;
  }
  if (!bits.ok()) return H264Error::kTruncated;
  return SliceHeader{first_mb, static_cast<std::uint8_t>(slice_type),
                     static_cast<std::uint8_t>(pps_id)};
}

// Whether a frame (lengths of four bytes) is an IDR picture: decoding can begin
// here, and nothing after it refers to what was before.
constexpr bool IsKeyFrame(Bytes frame) {
  for (const Bytes nal : NalUnits(frame)) {
    if (NalTypeOf(nal[0]) == NalType::kIdrSlice) return true;
  }
  return false;
}

// Whether the frame says by SEI that decoding may begin here though it is no
// IDR picture (recovery point, section D.1.8): pictures are right after
// `recovery_frame_cnt` frames, which may need what was before them.
[[nodiscard]] constexpr bool FindRecoveryPoint(Bytes frame,
                                               std::uint32_t& recovery_frame_cnt) {
  for (const Bytes nal : NalUnits(frame)) {
    if (NalTypeOf(nal[0]) != NalType::kSei) continue;
    std::uint8_t rbsp[1024];
    ByteReader reader(Bytes(rbsp, RemoveEmulationPrevention(nal.subspan(1), rbsp)));
    while (const auto message = SeiMessage::TakeFrom(reader)) {
      if (message->type != SeiType::kRecoveryPoint) continue;
      if (ReadRecoveryPoint(message->payload, recovery_frame_cnt)) return true;
      break;
    }
  }
  return false;
}

// The parameter sets a stream stands under: the last SPS and the picture
// parameter sets that came with it, as NAL units, copied. An SPS that differs
// from the last one takes the place of it and of all its PPS. About 3 kB, no
// heap; what does not fit (an SPS above 1024 bytes, a PPS above 256, a ninth
// PPS id) is refused and Store() says false.
class ParameterSets {
 public:
  static constexpr std::size_t kMaxSpsSize = 1024;
  static constexpr std::size_t kMaxPpsSize = 256;
  static constexpr std::size_t kMaxPps = 8;

  // Takes an SPS or a PPS that parses; false for anything else.
  constexpr bool Store(Bytes nal) {
    if (nal.empty()) return false;
    if (NalTypeOf(nal[0]) == NalType::kSps) {
      if (Same(nal, sps())) return true;
      const auto parsed = Sps::Parse(nal);
      if (nal.size() > kMaxSpsSize || !parsed) return false;
      sps_size_ = Copy(nal, sps_.data());
      parsed_sps_ = *parsed;
      pps_count_ = 0;
      ++generation_;
      return true;
    }
    const auto parsed = Pps::Parse(nal);
    if (!parsed || nal.size() > kMaxPpsSize) return false;
    std::size_t at = 0;
    while (at < pps_count_ && pps_[at].id != parsed->id) ++at;
    if (at == kMaxPps) return false;
    if (at < pps_count_ && Same(nal, pps(at))) return true;
    pps_[at].id = parsed->id;
    pps_[at].size = Copy(nal, pps_[at].bytes.data());
    if (at == pps_count_) ++pps_count_;
    ++generation_;
    return true;
  }

  constexpr Bytes sps() const { return Bytes(sps_).first(sps_size_); }
  // Null without one.
  constexpr const Sps* parsed_sps() const { return sps_size_ > 0 ? &parsed_sps_ : nullptr; }
  constexpr std::size_t pps_count() const { return pps_count_; }
  // `index` below pps_count(), in the order they came.
  constexpr Bytes pps(std::size_t index) const {
    return Bytes(pps_[index].bytes).first(pps_[index].size);
  }
  // An SPS and at least one PPS.
  constexpr bool complete() const { return sps_size_ > 0 && pps_count_ > 0; }
  // Rises whenever a set came that differs from what was here.
  constexpr std::uint32_t generation() const { return generation_; }

 private:
  struct Slot {
    std::uint8_t id = 0;
    std::size_t size = 0;
    std::array<std::uint8_t, kMaxPpsSize> bytes{};
  };
  static constexpr bool Same(Bytes a, Bytes b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  static constexpr std::size_t Copy(Bytes from, std::uint8_t* to) {
    std::copy(from.begin(), from.end(), to);
    return from.size();
  }

  std::array<std::uint8_t, kMaxSpsSize> sps_{};
  std::size_t sps_size_ = 0;
  Sps parsed_sps_;
  std::array<Slot, kMaxPps> pps_{};
  std::size_t pps_count_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H264_H_
