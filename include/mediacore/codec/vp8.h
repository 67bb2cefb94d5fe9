#ifndef MEDIACORE_CODEC_VP8_H_
#define MEDIACORE_CODEC_VP8_H_

#include <optional>
#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes are no VP8 payload descriptor or frame header, in the order looked.
enum class Vp8Error : std::uint8_t {
  kEmpty,         // no descriptor at all
  kTruncated,     // the descriptor, or the frame header, runs past the end
  kBadStartCode,  // a key frame without 9d 01 2a
  kNoSize,        // a key frame of no width or no height
};

constexpr std::string_view ToString(Vp8Error error) {
  switch (error) {
    case Vp8Error::kEmpty: return "vp8: empty";
    case Vp8Error::kTruncated: return "vp8: truncated";
    case Vp8Error::kBadStartCode: return "vp8: bad start code";
    case Vp8Error::kNoSize: return "vp8: key frame without size";
  }
  return "vp8: unknown";
}

// What stands before the VP8 bytes in each RTP payload (RFC 7741, section 4.2).
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |X|R|N|S|R| PID |  X: the next byte is there; R: 0, ignored
//  +-+-+-+-+-+-+-+-+
//  |I|L|T|K|  RSV  |  what follows
//  +-+-+-+-+-+-+-+-+
//  |M|  PictureID  |  I; with M one byte more and 15 bits
//  +-+-+-+-+-+-+-+-+
//  |   TL0PICIDX   |  L
//  +-+-+-+-+-+-+-+-+
//  |TID|Y| KEYIDX  |  T: TID and Y count, K: KEYIDX does
//  +-+-+-+-+-+-+-+-+
//
// One to six bytes. This is what is said, to be written; Vp8DescriptorView reads.
struct Vp8Descriptor {
  static constexpr std::size_t kMaxSize = 6;

  bool non_reference = false;       // N: the frame can be dropped without harm
  bool start_of_partition = false;  // S: the VP8 bytes begin a partition
  std::uint8_t partition_id = 0;    // PID, 0 to 7
  bool long_picture_id = true;      // M: 15 bits, not 7; true where there is none
  std::optional<std::uint16_t> picture_id = std::nullopt;
  std::optional<std::uint8_t> tl0picidx = std::nullopt;    // of the last frame of temporal layer 0
  std::optional<std::uint8_t> temporal_id = std::nullopt;  // TID, 0 to 3
  bool layer_sync = false;                                 // Y: needs only layer 0; where there is a TID
  std::optional<std::uint8_t> key_index = std::nullopt;    // KEYIDX, 0 to 31

  // 0 when a number is out of its range, or Y stands without TID.
  constexpr std::size_t WireSize() const {
    if (partition_id > 7 || temporal_id.value_or(0) > 3 || key_index.value_or(0) > 31 ||
        picture_id.value_or(0) > (long_picture_id ? 0x7fff : 0x7f) || (layer_sync && !temporal_id)) {
      return 0;
    }
    std::size_t size = 0;
    if (picture_id) size += long_picture_id ? 2 : 1;
    if (tl0picidx) ++size;
    if (temporal_id || key_index) ++size;
    return size == 0 ? 1 : 2 + size;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const;

  constexpr bool operator==(const Vp8Descriptor&) const = default;
};

// A descriptor in its payload.
//
//   ByteReader reader(packet->payload());
//   const auto descriptor = Vp8DescriptorView::TakeFrom(reader);
//   if (descriptor && descriptor->begins_frame()) Start(reader.rest());
//
// What is not there is told as 0. Time: 2 ns.
class Vp8DescriptorView {
 public:
  // Takes a descriptor off the front of `payload`. On error `payload` is unchanged.
  static constexpr Expected<Vp8DescriptorView, Vp8Error> TakeFrom(ByteReader& payload) noexcept {
    const Bytes bytes = payload.rest();
    if (bytes.empty()) return Vp8Error::kEmpty;
    std::size_t size = 1;
    if ((bytes[0] & 0x80) != 0) {
      if (bytes.size() < 2) return Vp8Error::kTruncated;
      const int what = bytes[1];
      size = 2u + ((what & 0x80) != 0) + ((what & 0x40) != 0) + ((what & 0x30) != 0);
      if ((what & 0x80) != 0 && bytes.size() > 2 && (bytes[2] & 0x80) != 0) ++size;
      if (bytes.size() < size) return Vp8Error::kTruncated;
    }
    payload = ByteReader(bytes.subspan(size));
    return Vp8DescriptorView(bytes.first(size));
  }

  constexpr std::size_t size() const { return bytes_.size(); }
  constexpr bool non_reference() const { return (bytes_[0] & 0x20) != 0; }
  constexpr bool start_of_partition() const { return (bytes_[0] & 0x10) != 0; }
  constexpr int partition_id() const { return bytes_[0] & 7; }
  constexpr bool begins_frame() const { return (bytes_[0] & 0x17) == 0x10; }

  constexpr bool has_picture_id() const { return (what() & 0x80) != 0; }
  constexpr bool has_long_picture_id() const { return has_picture_id() && (bytes_[2] & 0x80) != 0; }
  constexpr int picture_id() const {
    if (!has_picture_id()) return 0;
    return has_long_picture_id() ? LoadU16(bytes_.data() + 2) & 0x7fff : bytes_[2];
  }
  constexpr bool has_tl0picidx() const { return (what() & 0x40) != 0; }
  constexpr int tl0picidx() const { return has_tl0picidx() ? bytes_[size() - (has_layer_byte() ? 2 : 1)] : 0; }
  constexpr bool has_temporal_id() const { return (what() & 0x20) != 0; }
  constexpr int temporal_id() const { return has_temporal_id() ? bytes_.back() >> 6 : 0; }
  constexpr bool layer_sync() const { return has_temporal_id() && (bytes_.back() & 0x20) != 0; }
  constexpr bool has_key_index() const { return (what() & 0x10) != 0; }
  constexpr int key_index() const { return has_key_index() ? bytes_.back() & 0x1f : 0; }

  // All of it, to be changed and written again. Reserved bits are left out.
  constexpr Vp8Descriptor values() const {
    Vp8Descriptor out;
    out.non_reference = non_reference();
    out.start_of_partition = start_of_partition();
    out.partition_id = static_cast<std::uint8_t>(partition_id());
    out.long_picture_id = !has_picture_id() || has_long_picture_id();
    if (has_picture_id()) out.picture_id = static_cast<std::uint16_t>(picture_id());
    if (has_tl0picidx()) out.tl0picidx = static_cast<std::uint8_t>(tl0picidx());
    if (has_temporal_id()) out.temporal_id = static_cast<std::uint8_t>(temporal_id());
    out.layer_sync = layer_sync();
    if (has_key_index()) out.key_index = static_cast<std::uint8_t>(key_index());
    return out;
  }

 private:
  constexpr explicit Vp8DescriptorView(Bytes bytes) : bytes_(bytes) {}
  constexpr int what() const { return (bytes_[0] & 0x80) != 0 ? bytes_[1] : 0; }
  constexpr bool has_layer_byte() const { return (what() & 0x30) != 0; }

  Bytes bytes_;
};

constexpr bool Vp8Descriptor::Write(MutableBytes out) const {
  const std::size_t size = WireSize();
  if (size == 0 || out.size() < size) return false;
  ByteWriter writer(out.first(size));
  writer.WriteU8(static_cast<std::uint8_t>((size > 1 ? 0x80 : 0) | (non_reference ? 0x20 : 0) |
                                           (start_of_partition ? 0x10 : 0) | partition_id));
  if (size == 1) return writer.ok();
  writer.WriteU8(static_cast<std::uint8_t>((picture_id ? 0x80 : 0) | (tl0picidx ? 0x40 : 0) | (temporal_id ? 0x20 : 0) |
                                           (key_index ? 0x10 : 0)));
  if (picture_id && long_picture_id) writer.WriteU16(static_cast<std::uint16_t>(0x8000 | *picture_id));
  if (picture_id && !long_picture_id) writer.WriteU8(static_cast<std::uint8_t>(*picture_id));
  if (tl0picidx) writer.WriteU8(*tl0picidx);
  if (temporal_id || key_index) {
    writer.WriteU8(
        static_cast<std::uint8_t>(temporal_id.value_or(0) << 6 | (layer_sync ? 0x20 : 0) | key_index.value_or(0)));
  }
  return writer.ok();
}

// How a VP8 frame begins (RFC 6386, section 9.1): three bytes, ten of a key frame.
// Numbers have their low byte first.
//
//  +-+-+-+-+-+-+-+-+
//  |size |H|ver  |P|  size: of the first partition, 19 bits; H: show_frame;
//  +-+-+-+-+-+-+-+-+  P: 1 where it is not a key frame
//  |     size      |
//  |               |
//  +-+-+-+-+-+-+-+-+
//  |   9d 01 2a    |  of key frames: start code,
//  | scale:width   |  2 and 14 bits,
//  | scale:height  |  likewise
//  +-+-+-+-+-+-+-+-+
//
// Time: 1 to 3 ns.
struct Vp8FrameHeader {
  static constexpr std::size_t kSize = 3;
  static constexpr std::size_t kKeyFrameSize = 10;

  bool key_frame = false;
  bool show_frame = true;
  std::uint8_t version = 0;                // 0 to 7; above 3 is for the future
  std::uint32_t first_partition_size = 0;  // below 2^19; may lie: the frame can be shorter
  // Of key frames.
  std::uint16_t width = 0;  // 1 to 16383, as is the height
  std::uint16_t height = 0;
  std::uint8_t horizontal_scale = 0;  // 0: as it is, 1: 5/4, 2: 5/3, 3: 2; for display
  std::uint8_t vertical_scale = 0;

  // False when the first partition of a frame of `size` bytes would run past its
  // end: the frame was cut, or is none.
  constexpr bool FitsIn(std::size_t size) const {
    const std::size_t header = key_frame ? kKeyFrameSize : kSize;
    return size >= header && size - header >= first_partition_size;
  }

  // Reads the first bytes of a frame.
  static constexpr Expected<Vp8FrameHeader, Vp8Error> Parse(Bytes frame) noexcept {
    if (frame.size() < kSize) return Vp8Error::kTruncated;
    const std::uint32_t tag = LoadLittleU16(frame.data()) | std::uint32_t{frame[2]} << 16;
    Vp8FrameHeader out;
    out.key_frame = (tag & 1) == 0;
    out.version = static_cast<std::uint8_t>(tag >> 1 & 7);
    out.show_frame = (tag & 0x10) != 0;
    out.first_partition_size = tag >> 5;
    if (!out.key_frame) return out;
    if (frame.size() < kKeyFrameSize) return Vp8Error::kTruncated;
    if (LoadU24(frame.data() + 3) != kStartCode) return Vp8Error::kBadStartCode;
    const int width = LoadLittleU16(frame.data() + 6);
    const int height = LoadLittleU16(frame.data() + 8);
    out.width = static_cast<std::uint16_t>(width & 0x3fff);
    out.height = static_cast<std::uint16_t>(height & 0x3fff);
    out.horizontal_scale = static_cast<std::uint8_t>(width >> 14);
    out.vertical_scale = static_cast<std::uint8_t>(height >> 14);
    if (out.width == 0 || out.height == 0) return Vp8Error::kNoSize;
    return out;
  }

  // 0 when a number is out of its range.
  constexpr std::size_t WireSize() const {
    if (version > 7 || first_partition_size >= 1u << 19) return 0;
    if (!key_frame) return kSize;
    const bool sized = width >= 1 && width <= 0x3fff && height >= 1 && height <= 0x3fff;
    return sized && horizontal_scale <= 3 && vertical_scale <= 3 ? kKeyFrameSize : 0;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    const std::uint32_t tag =
        first_partition_size << 5 | (show_frame ? 0x10u : 0u) | std::uint32_t{version} << 1 | (key_frame ? 0u : 1u);
    StoreLittleU16(out.data(), static_cast<std::uint16_t>(tag));
    out[2] = static_cast<std::uint8_t>(tag >> 16);
    if (!key_frame) return true;
    StoreU24(out.data() + 3, kStartCode);
    StoreLittleU16(out.data() + 6, static_cast<std::uint16_t>(width | horizontal_scale << 14));
    StoreLittleU16(out.data() + 8, static_cast<std::uint16_t>(height | vertical_scale << 14));
    return true;
  }

  constexpr bool operator==(const Vp8FrameHeader&) const = default;

 private:
  static constexpr std::uint32_t kStartCode = 0x9d012a;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_VP8_H_
