#ifndef MEDIACORE_MUX_AVC_CONFIG_H_
#define MEDIACORE_MUX_AVC_CONFIG_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/expected.h"

namespace mediacore::mux {

// Why bytes are no AVCDecoderConfigurationRecord, in the order looked at.
enum class AvcConfigError : std::uint8_t {
  kTooShort,          // fewer than the 7 bytes of the smallest one
  kBadVersion,        // configurationVersion is not 1
  kBadLengthSize,     // NAL lengths of 3 bytes
  kTruncated,         // a parameter set runs past the end
  kEmptyParameterSet, // a parameter set of no bytes
};

constexpr std::string_view ToString(AvcConfigError error) {
  switch (error) {
    case AvcConfigError::kTooShort: return "avcC: too short";
    case AvcConfigError::kBadVersion: return "avcC: bad version";
    case AvcConfigError::kBadLengthSize: return "avcC: bad NAL length size";
    case AvcConfigError::kTruncated: return "avcC: truncated";
    case AvcConfigError::kEmptyParameterSet: return "avcC: empty parameter set";
  }
  return "avcC: unknown";
}

// The parameter sets of an H.264 track (AVCDecoderConfigurationRecord, ISO/IEC
// 14496-15, 5.3.3.1), seen in place.
//
//   AvcConfigView::ParameterSets sets = view->parameter_sets();
//   Bytes nal;
//   while (sets.Next(nal)) ...  // all SPS, then all PPS
class AvcConfigView {
 public:
  static constexpr Expected<AvcConfigView, AvcConfigError> Parse(
      Bytes record) noexcept;

  constexpr std::uint8_t profile() const { return record_[1]; }
  constexpr std::uint8_t constraints() const { return record_[2]; }
  constexpr std::uint8_t level() const { return record_[3]; }
  // Bytes in front of each NAL unit of a sample: 1, 2 or 4.
  constexpr int nal_length_size() const { return (record_[4] & 3) + 1; }

  class ParameterSets {
   public:
    [[nodiscard]] constexpr bool Next(Bytes& nal) noexcept {
      while (left_ == 0) {
        std::uint8_t count = 0;
        if (in_pps_ || !reader_.ReadU8(count)) return false;
        in_pps_ = true;
        left_ = count;
      }
      --left_;
      std::uint16_t size = 0;
      return reader_.ReadU16(size) && reader_.ReadBytes(size, nal);
    }

   private:
    friend class AvcConfigView;
    constexpr ParameterSets(Bytes sets, int count) : reader_(sets), left_(count) {}
    ByteReader reader_;
    int left_;
    bool in_pps_ = false;
  };
  constexpr ParameterSets parameter_sets() const {
    return ParameterSets(record_.subspan(6), record_[5] & 0x1f);
  }

 private:
  constexpr explicit AvcConfigView(Bytes record) : record_(record) {}
  Bytes record_;
};

constexpr Expected<AvcConfigView, AvcConfigError> AvcConfigView::Parse(
    Bytes record) noexcept {
  if (record.size() < 7) return AvcConfigError::kTooShort;
  if (record[0] != 1) return AvcConfigError::kBadVersion;
  if ((record[4] & 3) == 2) return AvcConfigError::kBadLengthSize;
  ByteReader reader(record.subspan(6));
  int left = record[5] & 0x1f;
  for (int kind = 0; kind < 2; ++kind) {  // SPS, PPS
    if (kind == 1) {
      std::uint8_t count = 0;
      if (!reader.ReadU8(count)) return AvcConfigError::kTruncated;
      left = count;
    }
    for (; left > 0; --left) {
      std::uint16_t size = 0;
      if (!reader.ReadU16(size)) return AvcConfigError::kTruncated;
      if (size == 0) return AvcConfigError::kEmptyParameterSet;
      if (!reader.Skip(size)) return AvcConfigError::kTruncated;
    }
  }
  return AvcConfigView(record);
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_AVC_CONFIG_H_
