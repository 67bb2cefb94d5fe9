#ifndef MEDIACORE_MUX_TS_TABLES_H_
#define MEDIACORE_MUX_TS_TABLES_H_

#include <array>
#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/crc32.h"
#include "mediacore/base/expected.h"
#include "mediacore/mux/ts_packet.h"

namespace mediacore::mux {

// stream_type of ISO/IEC 13818-1, table 2-34.
inline constexpr std::uint8_t kTsStreamTypeAac = 0x0f;  // with ADTS
inline constexpr std::uint8_t kTsStreamTypeH264 = 0x1b;

inline constexpr std::uint8_t kTsTablePat = 0;
inline constexpr std::uint8_t kTsTablePmt = 2;

// Why bytes are no section, in the order looked at.
enum class TsSectionError : std::uint8_t {
  kTooShort,   // fewer than the 3 bytes up to the length
  kNoSyntax,   // without the long header that PAT and PMT have
  kBadLength,  // a length that does not hold that header and the CRC, or > 1021
  kTruncated,  // the length runs past the end
  kBadCrc,
};

constexpr std::string_view ToString(TsSectionError error) {
  switch (error) {
    case TsSectionError::kTooShort: return "ts section: too short";
    case TsSectionError::kNoSyntax: return "ts section: no section syntax";
    case TsSectionError::kBadLength: return "ts section: bad length";
    case TsSectionError::kTruncated: return "ts section: truncated";
    case TsSectionError::kBadCrc: return "ts section: bad CRC";
  }
  return "ts section: unknown";
}

// A section of a PAT or PMT (ISO/IEC 13818-1, 2.4.4), seen in place.
class TsSectionView {
 public:
  static constexpr std::size_t kMaxSize = 1024;

  static constexpr Expected<TsSectionView, TsSectionError> Parse(
      Bytes bytes) noexcept {
    if (bytes.size() < 3) return TsSectionError::kTooShort;
    if ((bytes[1] & 0x80) == 0) return TsSectionError::kNoSyntax;
    const std::size_t length = LoadU16(bytes.data() + 1) & 0xfff;
    if (length < 9 || length > kMaxSize - 3) return TsSectionError::kBadLength;
    if (length > bytes.size() - 3) return TsSectionError::kTruncated;
    const Bytes section = bytes.first(3 + length);
    if (Crc32Mpeg(section) != 0) return TsSectionError::kBadCrc;
    return TsSectionView(section);
  }

  constexpr std::uint8_t table_id() const { return section_[0]; }
  // Of a PMT: the program number.
  constexpr std::uint16_t extension() const { return LoadU16(section_.data() + 3); }
  constexpr int version() const { return section_[5] >> 1 & 0x1f; }
  // False: it announces the next table, not the one in force.
  constexpr bool current() const { return (section_[5] & 1) != 0; }
  // Between the header and the CRC.
  constexpr Bytes body() const {
    return section_.subspan(8, section_.size() - 12);
  }

 private:
  constexpr explicit TsSectionView(Bytes section) : section_(section) {}
  Bytes section_;
};

// Walks the body of a PAT: programs and the PIDs of their PMTs.
class TsPatReader {
 public:
  constexpr explicit TsPatReader(Bytes body) : rest_(body) {}
  [[nodiscard]] constexpr bool Next(std::uint16_t& program,
                                    std::uint16_t& pmt_pid) noexcept {
    if (rest_.remaining() < 4) return false;
    if (!rest_.ReadU16(program) || !rest_.ReadU16(pmt_pid)) return false;
    pmt_pid &= 0x1fff;
    return true;
  }

 private:
  ByteReader rest_;
};

// Walks the body of a PMT: the PID with the clock and the elementary streams.
class TsPmtReader {
 public:
  constexpr explicit TsPmtReader(Bytes body) : rest_(body) {
    std::uint16_t info = 0;
    if (!rest_.ReadU16(pcr_pid_) || !rest_.ReadU16(info) ||
        !rest_.Skip(info & 0xfff)) {
      rest_ = ByteReader({});
    }
  }
  constexpr std::uint16_t pcr_pid() const { return pcr_pid_ & 0x1fff; }
  [[nodiscard]] constexpr bool Next(std::uint8_t& stream_type,
                                    std::uint16_t& pid) noexcept {
    std::uint16_t info = 0;
    if (rest_.remaining() < 5) return false;
    if (!rest_.ReadU8(stream_type) || !rest_.ReadU16(pid) ||
        !rest_.ReadU16(info) || !rest_.Skip(info & 0xfff)) {
      return false;
    }
    pid &= 0x1fff;
    return true;
  }

 private:
  ByteReader rest_;
  std::uint16_t pcr_pid_ = kTsNullPid;
};

// Where TsWriter puts things.
inline constexpr std::uint16_t kTsProgram = 1;
inline constexpr std::uint16_t kTsPmtPid = 0x1000;
inline constexpr std::uint16_t kTsVideoPid = 0x100;
inline constexpr std::uint16_t kTsAudioPid = 0x101;

using TsPacketBytes = std::span<std::uint8_t, kTsPacketSize>;

namespace internal {
// One packet that holds one section of `body`, which is short enough.
constexpr void WriteTsSection(TsPacketBytes out, std::uint16_t pid, int counter,
                              std::uint8_t table_id, std::uint16_t extension,
                              int version, Bytes body) {
  std::fill(out.begin(), out.end(), std::uint8_t{0xff});
  StoreU32(out.data(), 0x47400010u | std::uint32_t{pid} << 8 |
                           static_cast<std::uint32_t>(counter & 0xf));
  out[4] = 0;  // pointer: the section begins at once
  std::uint8_t* section = out.data() + 5;
  const std::size_t length = 5 + body.size() + 4;
  section[0] = table_id;
  StoreU16(section + 1, static_cast<std::uint16_t>(0xb000 | length));
  StoreU16(section + 3, extension);
  section[5] = static_cast<std::uint8_t>(0xc1 | (version & 0x1f) << 1);
  section[6] = 0;
  section[7] = 0;
  std::copy(body.begin(), body.end(), section + 8);
  StoreU32(section + 8 + body.size(),
           Crc32Mpeg(Bytes(section, 8 + body.size())));
}
}  // namespace internal

// A PAT with the one program kTsProgram.
constexpr void WriteTsPat(TsPacketBytes out, int counter, int version) {
  const std::array<std::uint8_t, 4> body = {
      kTsProgram >> 8, kTsProgram & 0xff, 0xe0 | kTsPmtPid >> 8, kTsPmtPid & 0xff};
  internal::WriteTsSection(out, 0, counter, kTsTablePat, 1, version, body);
}

// A PMT with video, sound or both; the video's PID has the clock if there is one.
constexpr void WriteTsPmt(TsPacketBytes out, int counter, int version,
                          bool video, bool audio) {
  std::array<std::uint8_t, 14> body{};
  const std::uint16_t pcr_pid = video ? kTsVideoPid : kTsAudioPid;
  StoreU16(body.data(), static_cast<std::uint16_t>(0xe000 | pcr_pid));
  StoreU16(body.data() + 2, 0xf000);
  std::size_t size = 4;
  const auto stream = [&](std::uint8_t type, std::uint16_t pid) {
    body[size] = type;
    StoreU16(body.data() + size + 1, static_cast<std::uint16_t>(0xe000 | pid));
    StoreU16(body.data() + size + 3, 0xf000);
    size += 5;
  };
  if (video) stream(kTsStreamTypeH264, kTsVideoPid);
  if (audio) stream(kTsStreamTypeAac, kTsAudioPid);
  internal::WriteTsSection(out, kTsPmtPid, counter, kTsTablePmt, kTsProgram,
                           version, Bytes(body).first(size));
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_TS_TABLES_H_
