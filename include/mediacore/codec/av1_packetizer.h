#ifndef MEDIACORE_CODEC_AV1_PACKETIZER_H_
#define MEDIACORE_CODEC_AV1_PACKETIZER_H_

#include "mediacore/codec/av1_frame_header.h"

namespace mediacore::codec {

// Why a temporal unit cannot be sent, in the order looked.
enum class Av1PacketizeError : std::uint8_t {
  kNone,
  kBadObu,  // not a row of OBUs
  kNoObu,   // nothing but what RTP leaves out
};

constexpr std::string_view ToString(Av1PacketizeError error) {
  switch (error) {
    case Av1PacketizeError::kNone: return "av1 packetize: fine";
    case Av1PacketizeError::kBadObu: return "av1 packetize: bad OBU";
    case Av1PacketizeError::kNoObu: return "av1 packetize: no OBU to send";
  }
  return "av1 packetize: unknown";
}

// One payload that is still to be written: its aggregation header and where its
// elements lie in the temporal unit. Good as long as the unit's bytes are.
struct Av1Packet {
  std::uint8_t aggregation_header = 0;
  bool marker = false;   // the last packet of its temporal unit
  std::size_t size = 0;  // of the payload
  Bytes obus;            // from the OBU of the first element on
  std::size_t skip = 0;  // bytes of that OBU that were sent before
  std::size_t elements = 0;
  std::size_t last_size = 0;  // bytes of the last element

  // False when `out` is smaller than `size`.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    writer.WriteU8(aggregation_header);
    ByteReader reader(obus);
    std::size_t from = skip;
    for (std::size_t left = elements; left > 0 && writer.ok();) {
      const auto obu = Av1ObuView::TakeFrom(reader);
      if (!obu) return false;
      if (IsLeftOutOfAv1Frames(obu->type())) continue;
      --left;
      const Bytes header = obu->header();
      const Bytes payload = obu->payload();
      const std::size_t count = left == 0 ? last_size : header.size() + payload.size() - from;
      if (left > 0 || (aggregation_header & 0x30) == 0) writer.WriteLeb128(static_cast<std::uint32_t>(count));
      std::size_t in_header = 0;
      for (std::size_t at = from; at < header.size() && in_header < count; ++at, ++in_header) {
        writer.WriteU8(at == 0 ? header[0] & 0xfd : header[at]);  // without obu_has_size_field
      }
      const std::size_t payload_from = from > header.size() ? from - header.size() : 0;
      writer.WriteBytes(payload.subspan(payload_from, count - in_header));
      from = 0;
    }
    return writer.ok();
  }
};

// Cuts temporal units into RTP payloads (RTP Payload Format For AV1 1.0, sections
// 4.4, 4.5 and 5): small OBUs share a packet, large ones are cut.
//
//   Av1Packetizer packetizer({.max_payload_size = 1200});
//   if (packetizer.SetFrame(frame.data) == Av1PacketizeError::kNone) {
//     Av1Packet packet;
//     while (packetizer.Next(packet)) packet.Write(Room(packet.size));
//   }
//
// OBUs are sent without their sizes; temporal delimiters, tile lists and padding
// are left out. A packet has OBUs of one layer and one frame, and a sequence header
// only as its first. The unit that begins a coded video sequence says so (N).
// Copies nothing and keeps nothing but a view of the unit. Threads: one.
class Av1Packetizer {
 public:
  using Packet = Av1Packet;
  struct Config {
    std::size_t max_payload_size = 1200;  // taken as 16 to 65535
  };

  constexpr explicit Av1Packetizer(const Config& config)
      : max_size_(std::clamp<std::size_t>(config.max_payload_size, 16, 65535)) {}

  // `unit` in the form of EncodedFrame::data, or with its temporal delimiter; what
  // was left of the last one is forgotten.
  constexpr Av1PacketizeError SetFrame(Bytes unit) {
    rest_ = {};
    skip_ = 0;
    ByteReader reader(unit);
    while (!reader.empty()) {
      if (!Av1ObuView::TakeFrom(reader)) return Av1PacketizeError::kBadObu;
    }
    rest_ = SkipLeftOut(unit);
    if (rest_.empty()) return Av1PacketizeError::kNoObu;
    begins_sequence_ = BeginsAv1Sequence(rest_);
    return Av1PacketizeError::kNone;
  }

  [[nodiscard]] constexpr bool Next(Av1Packet& out) {
    if (rest_.empty()) return false;
    out = {};
    out.obus = rest_;
    out.skip = skip_;
    Fill(out);
    const std::size_t count_field = out.elements <= 3 ? out.elements : 0;
    out.aggregation_header = static_cast<std::uint8_t>((out.skip > 0 ? 0x80u : 0u) | (skip_ > 0 ? 0x40u : 0u) |
                                                       count_field << 4 | (begins_sequence_ ? 8u : 0u));
    out.marker = rest_.empty();
    begins_sequence_ = false;
    return true;
  }

 private:
  // Less of an OBU is not worth a fragment behind other elements.
  static constexpr std::size_t kLeastFragment = 8;

  static constexpr Bytes SkipLeftOut(Bytes obus) {
    ByteReader reader(obus);
    for (Bytes rest = obus;; rest = reader.rest()) {
      const auto obu = Av1ObuView::TakeFrom(reader);
      if (!obu || !IsLeftOutOfAv1Frames(obu->type())) return rest;
    }
  }

  // Moves as much as fits from rest_ and skip_ into the packet.
  constexpr void Fill(Av1Packet& out) {
    const std::size_t room = max_size_ - 1;
    std::size_t used = 0;
    bool frame = false;  // has some of a frame
    int layer = -1;
    while (!rest_.empty()) {
      ByteReader reader(rest_);
      const auto obu = Av1ObuView::TakeFrom(reader);
      const Av1ObuType type = obu->type();
      if (out.elements > 0) {
        const bool another_frame = frame && type != Av1ObuType::kTileGroup && type != Av1ObuType::kRedundantFrameHeader;
        const bool another_layer = layer >= 0 && layer != LayerOf(*obu);
        if (another_frame || another_layer || type == Av1ObuType::kSequenceHeader) break;
      }
      // Up to three elements, the last has no length; from four on all have one.
      const std::size_t before =
          used + (out.elements >= 1 && out.elements <= 3 ? Leb128Size(static_cast<std::uint32_t>(out.last_size)) : 0);
      if (before >= room) break;
      const auto length_size = [&out](std::size_t n) {
        return out.elements >= 3 ? Leb128Size(static_cast<std::uint32_t>(n)) : 0;
      };
      std::size_t size = obu->header().size() + obu->payload().size() - skip_;
      const bool whole = before + length_size(size) + size <= room;
      if (!whole) {
        const std::size_t most = room - before;
        if (out.elements > 0 && most < kLeastFragment + length_size(most)) break;
        size = most - length_size(most);
      }
      used = before + length_size(size) + size;
      out.last_size = size;
      ++out.elements;
      if (!whole) {
        skip_ += size;
        break;
      }
      skip_ = 0;
      rest_ = SkipLeftOut(reader.rest());
      layer = LayerOf(*obu);
      frame = frame || BeginsAv1Frame(type) || type == Av1ObuType::kTileGroup;
    }
    out.size = 1 + used;
  }

  // -1: of all.
  static constexpr int LayerOf(const Av1ObuView& obu) { return obu.has_extension() ? obu.header()[1] >> 3 : -1; }

  std::size_t max_size_;
  Bytes rest_;            // from the OBU on that comes next
  std::size_t skip_ = 0;  // bytes of it that are sent
  bool begins_sequence_ = false;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AV1_PACKETIZER_H_
