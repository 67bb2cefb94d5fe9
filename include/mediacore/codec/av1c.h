#ifndef MEDIACORE_CODEC_AV1C_H_
#define MEDIACORE_CODEC_AV1C_H_

#include <string_view>

#include "mediacore/codec/av1_sequence_header.h"

namespace mediacore::codec {

// Why bytes are not an av1C, in the order the parser looks.
enum class Av1ConfigError : std::uint8_t {
  kTooShort,     // fewer than 4 bytes
  kBadMarker,    // the marker bit is 0
  kBadVersion,   // version is not 1
  kBadObu,       // what follows is no row of OBUs with sizes
  kBadSequence,  // a sequence header inside that is none, or not the first OBU
  kMismatch,     // a sequence header inside that says something else
};

constexpr std::string_view ToString(Av1ConfigError error) {
  switch (error) {
    case Av1ConfigError::kTooShort: return "av1c: too short";
    case Av1ConfigError::kBadMarker: return "av1c: bad marker";
    case Av1ConfigError::kBadVersion: return "av1c: bad version";
    case Av1ConfigError::kBadObu: return "av1c: bad OBU";
    case Av1ConfigError::kBadSequence: return "av1c: bad sequence header";
    case Av1ConfigError::kMismatch: return "av1c: another sequence header";
  }
  return "av1c: unknown";
}

// AV1CodecConfigurationRecord, the body of av1C in MP4 and the CodecPrivate of
// WebM (AV1-ISOBMFF, section 2.3), seen in place.
//
//   0 1 2 3 4 5 6 7   0 1 2 3 4 5 6 7   0 1 2 3 4 5 6 7   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +- - -
//  |1|   version 1 | |prof.|  level  | |T|H|V|M|X|Y|CSP| |0|0|0|P| delay | | OBUs
//  +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+ +- - -
//
// T tier, H high_bitdepth, V twelve_bit, M mono_chrome, X and Y chroma subsampling.
// The OBUs are a sequence header, where there is one, and metadata.
class Av1ConfigView {
 public:
  static constexpr Expected<Av1ConfigView, Av1ConfigError> Parse(Bytes record);

  constexpr int profile() const { return record_[1] >> 5; }
  constexpr int level() const { return record_[1] & 31; }
  constexpr bool tier() const { return (record_[2] & 0x80) != 0; }
  constexpr int bit_depth() const { return (record_[2] & 0x20) != 0 ? 12 : (record_[2] & 0x40) != 0 ? 10 : 8; }
  constexpr bool mono_chrome() const { return (record_[2] & 0x10) != 0; }
  constexpr bool subsampling_x() const { return (record_[2] & 8) != 0; }
  constexpr bool subsampling_y() const { return (record_[2] & 4) != 0; }
  constexpr int chroma_sample_position() const { return record_[2] & 3; }
  // Frames to decode before the first is shown; 0 where the record does not say.
  constexpr int initial_presentation_delay() const { return (record_[3] & 0x10) != 0 ? (record_[3] & 15) + 1 : 0; }
  // The OBUs, to be walked over with Av1ObuView; each has a size.
  constexpr Bytes obus() const { return record_.subspan(4); }

 private:
  constexpr explicit Av1ConfigView(Bytes record) : record_(record) {}
  Bytes record_;
};

// Writes av1C of a sequence header OBU, such as FindAv1Obu() finds in a key frame.
//
//   Av1ConfigWriter writer(FindAv1Obu(frame.data, Av1ObuType::kSequenceHeader));
//   if (writer.WireSize() > 0) writer.Write(Room(writer.WireSize()));
class Av1ConfigWriter {
 public:
  // `obu` with its header, its size or not; it is not copied. Bytes that are no
  // sequence header have a WireSize() of 0.
  constexpr explicit Av1ConfigWriter(Bytes obu) {
    const auto view = Av1ObuView::Parse(obu);
    if (!view) return;
    const auto sequence = Av1SequenceHeader::Parse(*view);
    if (!sequence) return;
    head_ = Head(*sequence);
    obu_ = {Av1ObuType::kSequenceHeader,
            view->has_extension(),
            static_cast<std::uint8_t>(view->temporal_id()),
            static_cast<std::uint8_t>(view->spatial_id()),
            true,
            view->payload()};
  }

  constexpr std::size_t WireSize() const { return head_[0] == 0 ? 0 : head_.size() + obu_.WireSize(); }
  // False when `out` is too small or there is no sequence header.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    std::copy(head_.begin(), head_.end(), out.begin());
    return obu_.Write(out.subspan(head_.size()));
  }

 private:
  friend class Av1ConfigView;
  static constexpr std::array<std::uint8_t, 4> Head(const Av1SequenceHeader& sequence) {
    const unsigned samples = (sequence.tier() ? 0x80u : 0u) | (sequence.bit_depth > 8 ? 0x40u : 0u) |
                             (sequence.bit_depth == 12 ? 0x20u : 0u) | (sequence.mono_chrome ? 0x10u : 0u) |
                             (sequence.subsampling_x ? 8u : 0u) | (sequence.subsampling_y ? 4u : 0u) |
                             sequence.chroma_sample_position;
    // The delay that the sequence header tells is of another kind: left out.
    return {0x81, static_cast<std::uint8_t>(sequence.profile << 5 | sequence.level()),
            static_cast<std::uint8_t>(samples), 0};
  }

  std::array<std::uint8_t, 4> head_{};
  Av1ObuWriter obu_;
};

constexpr Expected<Av1ConfigView, Av1ConfigError> Av1ConfigView::Parse(Bytes record) {
  if (record.size() < 4) return Av1ConfigError::kTooShort;
  if ((record[0] & 0x80) == 0) return Av1ConfigError::kBadMarker;
  if ((record[0] & 0x7f) != 1) return Av1ConfigError::kBadVersion;
  ByteReader reader(record.subspan(4));
  while (!reader.empty()) {
    const auto obu = Av1ObuView::TakeFrom(reader);
    if (!obu || !obu->has_size_field()) return Av1ConfigError::kBadObu;
    if (obu->type() != Av1ObuType::kSequenceHeader) continue;
    const auto sequence = Av1SequenceHeader::Parse(*obu);
    if (!sequence || obu->bytes().data() != record.data() + 4) return Av1ConfigError::kBadSequence;
    const auto head = Av1ConfigWriter::Head(*sequence);
    if (record[1] != head[1] || record[2] != head[2]) return Av1ConfigError::kMismatch;
  }
  return Av1ConfigView(record);
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AV1C_H_
