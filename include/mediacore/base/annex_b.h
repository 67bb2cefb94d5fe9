#ifndef MEDIACORE_BASE_ANNEX_B_H_
#define MEDIACORE_BASE_ANNEX_B_H_

#include <algorithm>
#include <bit>
#include <cstring>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"

namespace mediacore {

// The two ways NAL units lie in a row: Annex B (ITU-T H.264, annex B: start
// codes 00 00 01 or 00 00 00 01, as in transport streams and .h264 files) and
// the length form of MP4 (ISO/IEC 14496-15: a length before each, here called
// AVCC). Each has a reader that walks it and a function to the other form.
// Nothing here owns or allocates bytes; time is linear in them.

// Where the next 00 00 01 begins, at or after `from`; the size when there is
// none. Eight bytes at a time where no byte is 0.
constexpr std::size_t FindStartCode(Bytes bytes, std::size_t from = 0) {
  const std::size_t size = bytes.size();
  std::size_t at = from;
  while (at < size && size - at >= 3) {
    if (!std::is_constant_evaluated() && size - at >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, 8);
      constexpr std::uint64_t kOnes = 0x0101010101010101u;
      const std::uint64_t zeros = (word - kOnes) & ~word & kOnes << 7;
      if (zeros == 0) {
        at += 8;
        continue;
      }
      if constexpr (std::endian::native == std::endian::little) {
        at += static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
        if (size - at < 3) break;
      }
    }
    if (bytes[at + 1] != 0) {
      at += 2;
    } else if (bytes[at] != 0) {
      at += 1;
    } else {
      std::size_t after = at + 2;  // the run of zeros, to its end
      while (after < size && bytes[after] == 0) ++after;
      if (after < size && bytes[after] == 1) return after - 2;
      at = after + 1;
    }
  }
  return size;
}

// Walks the NAL units between start codes, without the zero bytes that may
// follow a unit (trailing_zero_8bits, and the first zero of a start code of
// four bytes). What comes before the first start code is passed over, and so
// are empty units.
//
//   AnnexBReader reader(bytes);
//   Bytes nal;
//   while (reader.Next(nal)) Use(nal);
class AnnexBReader {
 public:
  constexpr explicit AnnexBReader(Bytes bytes)
      : bytes_(bytes), at_(FindStartCode(bytes)) {}

  [[nodiscard]] constexpr bool Next(Bytes& nal) {
    while (at_ < bytes_.size()) {
      const std::size_t begin = at_ + 3;
      at_ = FindStartCode(bytes_, begin);
      std::size_t end = at_;
      while (end > begin && bytes_[end - 1] == 0) --end;
      if (end == begin) continue;
      nal = bytes_.subspan(begin, end - begin);
      return true;
    }
    return false;
  }

 private:
  Bytes bytes_;
  std::size_t at_;
};

// Walks the NAL units of the length form; empty units are passed over. A
// length past the end stops the walk and makes ok() false.
class AvccReader {
 public:
  // `length_size` is 1, 2 or 4 (lengthSizeMinusOne + 1 of avcC).
  constexpr explicit AvccReader(Bytes bytes, int length_size = 4)
      : rest_(bytes), length_size_(length_size) {}

  [[nodiscard]] constexpr bool Next(Bytes& nal) {
    while (ok_ && !rest_.empty()) {
      std::uint8_t u8 = 0;
      std::uint16_t u16 = 0;
      std::uint32_t length = 0;
      if (length_size_ == 4) {
        ok_ = rest_.ReadU32(length);
      } else if (length_size_ == 2) {
        ok_ = rest_.ReadU16(u16);
        length = u16;
      } else {
        ok_ = length_size_ == 1 && rest_.ReadU8(u8);
        length = u8;
      }
      ok_ = ok_ && length <= rest_.remaining();
      if (!ok_ || length == 0) continue;
      return rest_.ReadBytes(length, nal);
    }
    return false;
  }
  constexpr bool ok() const { return ok_; }

 private:
  ByteReader rest_;
  int length_size_;
  bool ok_ = true;
};

// The bytes AnnexBToAvcc() will write for `annex_b`. Never more than
// annex_b.size() + annex_b.size() / 4 + 1.
constexpr std::size_t AvccSize(Bytes annex_b) {
  std::size_t size = 0;
  AnnexBReader reader(annex_b);
  Bytes nal;
  while (reader.Next(nal)) size += 4 + nal.size();
  return size;
}

// Writes the units of `annex_b` behind lengths of four bytes; false when `out`
// is too small (nothing in it is to be used then) or a unit is not below 2^32.
[[nodiscard]] constexpr bool AnnexBToAvcc(Bytes annex_b, MutableBytes out,
                                          std::size_t& written) {
  ByteWriter writer(out);
  AnnexBReader reader(annex_b);
  Bytes nal;
  while (reader.Next(nal)) {
    if (nal.size() > 0xffffffffu) return false;
    writer.WriteU32(static_cast<std::uint32_t>(nal.size()));
    writer.WriteBytes(nal);
    if (!writer.ok()) return false;
  }
  written = writer.size();
  return true;
}

// Writes the units of `avcc` (lengths of four bytes) behind start codes of four
// bytes: as many bytes as went in, fewer where a unit was empty. False when a
// length lies or `out` is too small.
[[nodiscard]] constexpr bool AvccToAnnexB(Bytes avcc, MutableBytes out,
                                          std::size_t& written) {
  ByteWriter writer(out);
  AvccReader reader(avcc);
  Bytes nal;
  while (reader.Next(nal)) {
    writer.WriteU32(1);
    writer.WriteBytes(nal);
    if (!writer.ok()) return false;
  }
  written = writer.size();
  return reader.ok();
}

// The same where the bytes lie: each length of four bytes becomes a start code
// of four bytes. False, and nothing changed, when a length lies.
[[nodiscard]] constexpr bool AvccToAnnexBInPlace(MutableBytes bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes.size() - at < 4) return false;
    const std::size_t length = LoadU32(bytes.data() + at);
    if (length > bytes.size() - at - 4) return false;
    at += 4 + length;
  }
  for (at = 0; at < bytes.size();) {
    const std::size_t length = LoadU32(bytes.data() + at);
    StoreU32(bytes.data() + at, 1);
    at += 4 + length;
  }
  return true;
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_ANNEX_B_H_
