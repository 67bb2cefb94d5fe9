#ifndef MEDIACORE_MUX_PES_H_
#define MEDIACORE_MUX_PES_H_

#include <array>
#include <string_view>

#include "mediacore/base/bytes.h"
#include "mediacore/base/expected.h"

namespace mediacore::mux {

inline constexpr std::uint8_t kPesAudio = 0xc0;  // stream_id of the first one
inline constexpr std::uint8_t kPesVideo = 0xe0;

// Why bytes do not begin with a PES header, in the order looked at.
enum class PesError : std::uint8_t {
  kTooShort,     // fewer than 9 bytes
  kBadPrefix,    // not 00 00 01 with the id of a video or audio stream
  kBadMarker,    // no '10' after the length
  kTruncated,    // the header runs past the end
  kBadTimes,     // times announced that the header has no room for
};

constexpr std::string_view ToString(PesError error) {
  switch (error) {
    case PesError::kTooShort: return "pes: too short";
    case PesError::kBadPrefix: return "pes: bad start code";
    case PesError::kBadMarker: return "pes: bad marker";
    case PesError::kTruncated: return "pes: truncated";
    case PesError::kBadTimes: return "pes: no room for the times";
  }
  return "pes: unknown";
}

// The head of a PES packet of sound or picture (ISO/IEC 13818-1, 2.4.3.6). The
// packet's length is a claim, not checked here: its bytes come later.
class PesHeaderView {
 public:
  static constexpr Expected<PesHeaderView, PesError> Parse(Bytes bytes) noexcept {
    if (bytes.size() < 9) return PesError::kTooShort;
    const std::uint8_t id = bytes[3];
    if (LoadU24(bytes.data()) != 1 || id < kPesAudio || id >= 0xf0) {
      return PesError::kBadPrefix;
    }
    if (bytes[6] >> 6 != 2) return PesError::kBadMarker;
    const std::size_t size = 9u + bytes[8];
    if (size > bytes.size()) return PesError::kTruncated;
    const int times = bytes[7] >> 6;
    if (times == 1 || bytes[8] < (times == 3 ? 10 : times == 2 ? 5 : 0)) {
      return PesError::kBadTimes;
    }
    return PesHeaderView(bytes.first(size));
  }

  constexpr std::uint8_t stream_id() const { return header_[3]; }
  constexpr std::size_t size() const { return header_.size(); }  // of the header
  constexpr bool has_pts() const { return (header_[7] & 0x80) != 0; }
  // 33 bits of 90 kHz; 0 without. Without a DTS of its own it is the PTS.
  constexpr std::int64_t pts() const { return has_pts() ? Time(9) : 0; }
  constexpr std::int64_t dts() const {
    return (header_[7] & 0x40) != 0 ? Time(14) : pts();
  }
  // Whether the packet says how much comes after the header, and how much.
  constexpr bool has_payload_size() const {
    return std::size_t{LoadU16(header_.data() + 4)} + 6 >= size();
  }
  constexpr std::size_t payload_size() const {
    return LoadU16(header_.data() + 4) + std::size_t{6} - size();
  }

 private:
  constexpr explicit PesHeaderView(Bytes header) : header_(header) {}
  constexpr std::int64_t Time(std::size_t at) const {
    const std::uint8_t* b = header_.data() + at;
    return std::int64_t{b[0] >> 1 & 7} << 30 | std::int64_t{LoadU16(b + 1) >> 1} << 15 |
           LoadU16(b + 3) >> 1;
  }
  Bytes header_;
};

// Writes such a head. Times are taken modulo 2^33.
class PesHeaderWriter {
 public:
  static constexpr std::size_t kMaxSize = 19;

  constexpr PesHeaderWriter(std::uint8_t stream_id, std::int64_t pts,
                            std::int64_t dts) noexcept
      : stream_id_(stream_id), pts_(pts), dts_(dts) {}

  constexpr std::size_t WireSize() const noexcept { return pts_ == dts_ ? 14 : 19; }
  // `payload_size` too large for the field of 16 bits is left unsaid, which is
  // legal for video only. Returns WireSize().
  constexpr std::size_t Write(std::size_t payload_size,
                              std::span<std::uint8_t, kMaxSize> out) const noexcept {
    const std::size_t size = WireSize();
    const std::size_t length = size - 6 + payload_size;
    StoreU32(out.data(), 0x100u | stream_id_);
    StoreU16(out.data() + 4, static_cast<std::uint16_t>(length > 0xffff ? 0 : length));
    out[6] = 0x84;  // data begins with an access unit
    out[7] = size == 14 ? 0x80 : 0xc0;
    out[8] = static_cast<std::uint8_t>(size - 9);
    WriteTime(out.data() + 9, size == 14 ? 2 : 3, pts_);
    if (size == 19) WriteTime(out.data() + 14, 1, dts_);
    return size;
  }

 private:
  static constexpr void WriteTime(std::uint8_t* to, int mark, std::int64_t time) {
    const auto t = static_cast<std::uint64_t>(time);
    to[0] = static_cast<std::uint8_t>(static_cast<unsigned>(mark) << 4 |
                                      (t >> 29 & 0xe) | 1);
    StoreU16(to + 1, static_cast<std::uint16_t>((t >> 14 & 0xfffe) | 1));
    StoreU16(to + 3, static_cast<std::uint16_t>((t << 1 & 0xfffe) | 1));
  }
  std::uint8_t stream_id_;
  std::int64_t pts_;
  std::int64_t dts_;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_PES_H_
