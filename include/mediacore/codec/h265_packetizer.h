#ifndef MEDIACORE_CODEC_H265_PACKETIZER_H_
#define MEDIACORE_CODEC_H265_PACKETIZER_H_

#include <algorithm>
#include <array>
#include <string_view>

#include "mediacore/codec/h265_nal.h"

namespace mediacore::codec {

// Why a frame cannot be sent, in the order looked.
enum class H265PacketizeError : std::uint8_t {
  kNone,
  kBadNal,     // shorter than its header, a type RTP has no room for (48 and above),
               // the forbidden bit, or no temporal id
  kBadLength,  // a length runs past the end, or there is no unit at all
};

constexpr std::string_view ToString(H265PacketizeError error) {
  switch (error) {
    case H265PacketizeError::kNone: return "h265 packetize: fine";
    case H265PacketizeError::kBadNal: return "h265 packetize: bad NAL unit";
    case H265PacketizeError::kBadLength: return "h265 packetize: bad length";
  }
  return "h265 packetize: unknown";
}

// One payload that is still to be written: up to three bytes of header and where
// the rest lies in the frame. Good as long as the frame's bytes are.
struct H265Packet {
  std::array<std::uint8_t, 3> header{};
  std::uint8_t header_size = 0;
  bool aggregate = false;  // AP: `body` is units behind four-byte lengths
  bool marker = false;     // the last packet of its frame
  Bytes body;
  std::size_t size = 0;  // of the payload

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    writer.WriteBytes(Bytes(header).first(header_size));
    if (!aggregate) {
      writer.WriteBytes(body);
      return writer.ok();
    }
    for (const Bytes nal : NalUnits(body)) {
      writer.WriteU16(static_cast<std::uint16_t>(nal.size()));
      writer.WriteBytes(nal);
    }
    return writer.ok();
  }
};

// Cuts frames into RTP payloads (RFC 7798, sprop-max-don-diff 0): small
// neighbours share an aggregation packet, large units become fragments.
//
//   H265Packetizer packetizer({.max_payload_size = 1200});
//   if (packetizer.SetFrame(frame.data) == H265PacketizeError::kNone) {
//     H265Packet packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
//
// Copies nothing and keeps nothing but a view of the frame. Threads: one.
class H265Packetizer {
 public:
  using Packet = H265Packet;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 4 to 65535
    bool aggregate = true;
  };

  constexpr explicit H265Packetizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, 4, 65535)), aggregate_(config.aggregate) {}

  // `frame` in the form of EncodedFrame::data; what was left of the last frame
  // is forgotten.
  constexpr H265PacketizeError SetFrame(Bytes frame) {
    rest_ = {};
    unit_ = {};
    AvccReader reader(frame);
    Bytes nal;
    bool any = false;
    while (reader.Next(nal)) {
      H265NalHeader header;
      if (!H265NalHeader::Read(nal, header) || !header.IsValid() || static_cast<int>(header.type) >= 48) {
        return H265PacketizeError::kBadNal;
      }
      any = true;
    }
    if (!reader.ok() || !any) return H265PacketizeError::kBadLength;
    rest_ = SkipEmpty(frame);
    return H265PacketizeError::kNone;
  }

  [[nodiscard]] constexpr bool Next(H265Packet& out) {
    if (!unit_.empty()) {
      NextFragment(out);
      return true;
    }
    if (rest_.empty()) return false;
    out = {};
    const Bytes nal = rest_.subspan(4, LoadU32(rest_.data()));
    if (nal.size() > max_size_) {
      unit_header_ = H265NalHeader::Of(nal[0], nal[1]);
      unit_ = nal.subspan(2);
      unit_begins_ = true;
      rest_ = SkipEmpty(rest_.subspan(4 + nal.size()));
      NextFragment(out);
      return true;
    }
    if (aggregate_ && NextAggregate(out)) return true;
    rest_ = SkipEmpty(rest_.subspan(4 + nal.size()));
    out.body = nal;
    out.size = nal.size();
    out.marker = rest_.empty();
    return true;
  }

 private:
  static constexpr Bytes SkipEmpty(Bytes units) {
    while (!units.empty() && LoadU32(units.data()) == 0) units = units.subspan(4);
    return units;
  }
  // PayloadHdr: like the header of a NAL unit, with the type of the packet.
  static constexpr void PutHeader(H265NalHeader header, int type, H265Packet& out) {
    header.type = static_cast<H265NalType>(type);
    const auto bytes = header.bytes();
    out.header[0] = bytes[0];
    out.header[1] = bytes[1];
    out.header_size = 2;
  }

  constexpr void NextFragment(H265Packet& out) {
    const Bytes piece = unit_.first(std::min(unit_.size(), max_size_ - 3));
    unit_ = unit_.subspan(piece.size());
    out = {};
    PutHeader(unit_header_, 49, out);
    out.header[2] = static_cast<std::uint8_t>((unit_begins_ ? 0x80 : 0) | (unit_.empty() ? 0x40 : 0) |
                                              static_cast<int>(unit_header_.type));
    out.header_size = 3;
    out.body = piece;
    out.size = 3 + piece.size();
    out.marker = unit_.empty() && rest_.empty();
    unit_begins_ = false;
  }

  // As many of the next units as fit into one packet, when there are two. The
  // packet has the lowest layer and the lowest temporal id of them (section 4.4.2).
  constexpr bool NextAggregate(H265Packet& out) {
    Bytes after = rest_;
    std::size_t size = 2;
    H265NalHeader lowest;
    lowest.layer_id = 63;
    lowest.temporal_id_plus1 = 7;
    int count = 0;
    while (!after.empty()) {
      const std::size_t nal_size = LoadU32(after.data());
      if (size + 2 + nal_size > max_size_) break;
      const H265NalHeader header = H265NalHeader::Of(after[4], after[5]);
      lowest.layer_id = std::min(lowest.layer_id, header.layer_id);
      lowest.temporal_id_plus1 = std::min(lowest.temporal_id_plus1, header.temporal_id_plus1);
      size += 2 + nal_size;
      after = SkipEmpty(after.subspan(4 + nal_size));
      ++count;
    }
    if (count < 2) return false;
    PutHeader(lowest, 48, out);
    out.aggregate = true;
    out.body = rest_.first(rest_.size() - after.size());
    out.size = size;
    out.marker = after.empty();
    rest_ = after;
    return true;
  }

  std::size_t max_size_;
  bool aggregate_;
  Bytes rest_;  // units not yet begun
  Bytes unit_;  // what is left of the one in fragments
  H265NalHeader unit_header_;
  bool unit_begins_ = false;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H265_PACKETIZER_H_
