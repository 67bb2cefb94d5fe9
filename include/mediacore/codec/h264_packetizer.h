#ifndef MEDIACORE_CODEC_H264_PACKETIZER_H_
#define MEDIACORE_CODEC_H264_PACKETIZER_H_

#include <algorithm>
#include <array>
#include <string_view>

#include "mediacore/codec/nal_units.h"

namespace mediacore::codec {

// Why a frame cannot be sent, in the order looked.
enum class H264PacketizeError : std::uint8_t {
  kNone,
  kBadLength,    // a length runs past the end, or there is no unit at all
  kBadNal,       // a type RTP has no room for (0, 24 to 31), or the forbidden bit
  kTooLarge,     // a unit above the payload size in packetization mode 0
};

constexpr std::string_view ToString(H264PacketizeError error) {
  switch (error) {
    case H264PacketizeError::kNone: return "h264 packetize: fine";
    case H264PacketizeError::kBadLength: return "h264 packetize: bad length";
    case H264PacketizeError::kBadNal: return "h264 packetize: bad NAL unit";
    case H264PacketizeError::kTooLarge: return "h264 packetize: needs mode 1";
  }
  return "h264 packetize: unknown";
}

// One payload that is still to be written: up to two bytes of header and where
// the rest lies in the frame. Good as long as the frame's bytes are.
struct H264Packet {
  std::array<std::uint8_t, 2> header{};
  std::uint8_t header_size = 0;
  bool aggregate = false;  // STAP-A: `body` is units behind four-byte lengths
  bool marker = false;     // the last packet of its frame
  Bytes body;
  std::size_t size = 0;    // of the payload

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

// Cuts frames into RTP payloads (RFC 6184): in mode 0 each NAL unit is a packet;
// in mode 1 small neighbours share a STAP-A and large units become FU-A.
//
//   H264Packetizer packetizer({.max_payload_size = 1200});
//   if (packetizer.SetFrame(frame.data) == H264PacketizeError::kNone) {
//     H264Packet packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
//
// Copies nothing and keeps nothing but a view of the frame. Threads: one.
class H264Packetizer {
 public:
  using Packet = H264Packet;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 3 to 65535
    int packetization_mode = 1;           // 0 or 1
  };

  constexpr explicit H264Packetizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, 3, 65535)),
        mode_(config.packetization_mode) {}

  // `frame` in the form of EncodedFrame::data; what was left of the last frame
  // is forgotten.
  constexpr H264PacketizeError SetFrame(Bytes frame) {
    rest_ = {};
    unit_ = {};
    AvccReader reader(frame);
    Bytes nal;
    bool any = false;
    bool large = false;
    while (reader.Next(nal)) {
      const int type = nal[0] & 0x1f;
      if (type == 0 || type > 23 || (nal[0] & 0x80) != 0) {
        return H264PacketizeError::kBadNal;
      }
      any = true;
      large = large || nal.size() > max_size_;
    }
    if (!reader.ok() || !any) return H264PacketizeError::kBadLength;
    if (large && mode_ == 0) return H264PacketizeError::kTooLarge;
    rest_ = SkipEmpty(frame);
    return H264PacketizeError::kNone;
  }

  [[nodiscard]] constexpr bool Next(H264Packet& out) {
    if (!unit_.empty()) {
      NextFragment(out);
      return true;
    }
    if (rest_.empty()) return false;
    out = {};
    const Bytes nal = rest_.subspan(4, LoadU32(rest_.data()));
    if (nal.size() > max_size_) {
      unit_ = nal.subspan(1);
      unit_header_ = nal[0];
      unit_begins_ = true;
      rest_ = SkipEmpty(rest_.subspan(4 + nal.size()));
      NextFragment(out);
      return true;
    }
    if (mode_ != 0 && NextAggregate(out)) return true;
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

  constexpr void NextFragment(H264Packet& out) {
    const Bytes piece = unit_.first(std::min(unit_.size(), max_size_ - 2));
    unit_ = unit_.subspan(piece.size());
    out = {};
    out.header[0] = static_cast<std::uint8_t>((unit_header_ & 0xe0) | 28);
    out.header[1] = static_cast<std::uint8_t>((unit_begins_ ? 0x80 : 0) |
                                              (unit_.empty() ? 0x40 : 0) |
                                              (unit_header_ & 0x1f));
    out.header_size = 2;
    out.body = piece;
    out.size = 2 + piece.size();
    out.marker = unit_.empty() && rest_.empty();
    unit_begins_ = false;
  }

  // As many of the next units as fit into one packet, when there are two.
  constexpr bool NextAggregate(H264Packet& out) {
    Bytes after = rest_;
    std::size_t size = 1;
    std::uint8_t importance = 0;
    int count = 0;
    while (!after.empty()) {
      const std::size_t nal_size = LoadU32(after.data());
      if (size + 2 + nal_size > max_size_) break;
      importance = std::max<std::uint8_t>(importance, after[4] & 0x60);
      size += 2 + nal_size;
      after = SkipEmpty(after.subspan(4 + nal_size));
      ++count;
    }
    if (count < 2) return false;
    out.aggregate = true;
    out.header[0] = importance | 24;
    out.header_size = 1;
    out.body = rest_.first(rest_.size() - after.size());
    out.size = size;
    out.marker = after.empty();
    rest_ = after;
    return true;
  }

  std::size_t max_size_;
  int mode_;
  Bytes rest_;  // units not yet begun
  Bytes unit_;  // what is left of the one in fragments
  std::uint8_t unit_header_ = 0;
  bool unit_begins_ = false;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_H264_PACKETIZER_H_
