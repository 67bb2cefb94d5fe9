#ifndef MEDIACORE_CODEC_OPUS_HEAD_H_
#define MEDIACORE_CODEC_OPUS_HEAD_H_

#include <array>
#include <string_view>

#include "mediacore/base/byte_writer.h"
#include "mediacore/codec/opus_multistream.h"

namespace mediacore::codec {

// Why bytes are not the header of an Opus stream, in the order the parser looks.
enum class OpusHeadError : std::uint8_t {
  kTruncated,    // shorter than its fields
  kBadMagic,     // does not begin with "OpusHead"
  kBadVersion,   // of another major version
  kBadFamily,    // 3: ambisonics with a matrix in place of the mapping (RFC 8486)
  kBadChannels,  // no channels; above 2 in family 0, above 8 in family 1
  kBadMapping,   // streams, coupled streams and channel mapping do not fit
};

constexpr std::string_view ToString(OpusHeadError error) {
  switch (error) {
    case OpusHeadError::kTruncated: return "opus head: truncated";
    case OpusHeadError::kBadMagic: return "opus head: no OpusHead";
    case OpusHeadError::kBadVersion: return "opus head: bad version";
    case OpusHeadError::kBadFamily: return "opus head: mapping family not supported";
    case OpusHeadError::kBadChannels: return "opus head: bad channels";
    case OpusHeadError::kBadMapping: return "opus head: bad channel mapping";
  }
  return "opus head: unknown";
}

// The two forms: of Ogg (RFC 7845, section 5.1), which WebM's CodecPrivate has too,
// and the dOps box of MP4 without its box header, big-endian and of version 0.
enum class OpusHeadForm : std::uint8_t { kOgg, kMp4 };

namespace internal {
// Families 0 leaves out what it is alone to have.
inline constexpr std::array<std::uint8_t, 2> kOpusStereoMapping = {0, 1};
inline constexpr std::array<std::uint8_t, 8> kOpusMagic = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd'};
}  // namespace internal

// The header of an Opus stream, seen in place:
//
//   "OpusHead", version, channels, pre-skip, input sample rate, output gain, family,
//   and unless the family is 0: streams, coupled streams, a byte for each channel
//
// Families: 0 mono or stereo, 1 the surround layouts of Vorbis, 255 and all others
// (but 3) channels without a meaning (section 5.1.1.4). What stands behind is ignored.
class OpusHeadView {
 public:
  static constexpr Expected<OpusHeadView, OpusHeadError> Parse(Bytes bytes, OpusHeadForm form = OpusHeadForm::kOgg) {
    using enum OpusHeadError;
    const bool ogg = form == OpusHeadForm::kOgg;
    if (ogg) {
      if (bytes.size() < internal::kOpusMagic.size()) return kTruncated;
      if (!std::equal(internal::kOpusMagic.begin(), internal::kOpusMagic.end(), bytes.begin())) return kBadMagic;
      bytes = bytes.subspan(internal::kOpusMagic.size());
    }
    if (bytes.size() < 11) return kTruncated;
    OpusHeadView view(bytes, ogg);
    // Ogg's minor versions add at the end; MP4 has one version.
    if (ogg ? bytes[0] >> 4 != 0 : bytes[0] != 0) return kBadVersion;
    const std::uint8_t family = bytes[10];
    if (family == 3) return kBadFamily;
    const std::size_t channels = bytes[1];
    if (channels == 0 || (family == 0 && channels > 2) || (family == 1 && channels > 8)) return kBadChannels;
    if (family == 0) return view;
    if (bytes.size() < 13 + channels) return kTruncated;
    if (!IsOpusChannelMapping(bytes[11], bytes[12], view.channel_mapping())) return kBadMapping;
    return view;
  }

  constexpr std::uint8_t version() const { return bytes_[0]; }
  constexpr std::uint8_t channels() const { return bytes_[1]; }
  // Samples at 48 kHz that are to be thrown away at the start.
  constexpr std::uint16_t pre_skip() const {
    return ogg_ ? static_cast<std::uint16_t>(bytes_[3] << 8 | bytes_[2]) : LoadU16(bytes_.data() + 2);
  }
  // Of what was encoded, in Hz; 0: not told. Nothing depends on it.
  constexpr std::uint32_t input_sample_rate() const {
    const std::uint32_t rate = LoadU32(bytes_.data() + 4);
    return ogg_ ? rate >> 24 | (rate >> 8 & 0xff00) | (rate << 8 & 0xff0000) | rate << 24 : rate;
  }
  // To be applied when decoding, in 1/256 dB.
  constexpr std::int16_t output_gain() const {
    return static_cast<std::int16_t>(ogg_ ? bytes_[9] << 8 | bytes_[8] : bytes_[8] << 8 | bytes_[9]);
  }
  constexpr std::uint8_t mapping_family() const { return bytes_[10]; }
  constexpr std::uint8_t stream_count() const { return mapping_family() == 0 ? std::uint8_t{1} : bytes_[11]; }
  // The first of the streams, two channels each.
  constexpr std::uint8_t coupled_count() const {
    return mapping_family() == 0 ? static_cast<std::uint8_t>(channels() - 1) : bytes_[12];
  }
  // For each channel, which decoded one it is; 255: silence.
  constexpr Bytes channel_mapping() const {
    return mapping_family() == 0 ? Bytes(internal::kOpusStereoMapping).first(channels())
                                 : bytes_.subspan(13, channels());
  }

 private:
  constexpr OpusHeadView(Bytes bytes, bool ogg) : bytes_(bytes), ogg_(ogg) {}
  Bytes bytes_;  // from the version on
  bool ogg_;
};

struct OpusHeadWriter {
  std::uint16_t pre_skip = 312;
  std::uint32_t input_sample_rate = 48'000;
  std::int16_t output_gain = 0;  // in 1/256 dB
  std::uint8_t mapping_family = 0;
  std::uint8_t channels = 2;
  // These for families other than 0; `mapping` has a byte for each channel.
  std::uint8_t stream_count = 1;
  std::uint8_t coupled_count = 1;
  Bytes mapping{};

  constexpr std::size_t WireSize(OpusHeadForm form = OpusHeadForm::kOgg) const {
    const std::size_t size = mapping_family == 0 ? 11 : 13 + mapping.size();
    return form == OpusHeadForm::kOgg ? internal::kOpusMagic.size() + size : size;
  }
  // False when `out` is smaller than WireSize(), or Parse() would refuse it.
  [[nodiscard]] constexpr bool Write(MutableBytes out, OpusHeadForm form = OpusHeadForm::kOgg) const {
    const bool ogg = form == OpusHeadForm::kOgg;
    ByteWriter writer(out);
    const auto write = [&](std::uint32_t value, int bytes) {
      for (int i = 0; i < bytes; ++i) {
        writer.WriteU8(static_cast<std::uint8_t>(value >> 8 * (ogg ? i : bytes - 1 - i)));
      }
    };
    if (mapping_family != 0 && mapping.size() != channels) return false;
    if (ogg) writer.WriteBytes(internal::kOpusMagic);
    writer.WriteU8(ogg ? 1 : 0);
    writer.WriteU8(channels);
    write(pre_skip, 2);
    write(input_sample_rate, 4);
    write(static_cast<std::uint16_t>(output_gain), 2);
    writer.WriteU8(mapping_family);
    if (mapping_family != 0) {
      writer.WriteU8(stream_count);
      writer.WriteU8(coupled_count);
      writer.WriteBytes(mapping);
    }
    return writer.ok() && OpusHeadView::Parse(writer.written(), form).has_value();
  }
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_OPUS_HEAD_H_
