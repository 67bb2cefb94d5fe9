#ifndef MEDIACORE_TESTS_SUPPORT_VPX_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_VPX_MAKER_H_

#include <map>
#include <vector>

#include "h264_maker.h"
#include "mediacore/base/bit_writer.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/vp8.h"
#include "mediacore/codec/vp9_frame_header.h"

namespace mediacore::testing {

// Bytes in which a number stands over and over, and their place.
inline std::vector<std::uint8_t> NumberedBytes(std::size_t size, std::uint32_t number) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>((number >> (i % 4 * 8)) ^ (i % 8 < 4 ? 0 : i / 8));
  }
  return bytes;
}

// A frame of `size` bytes, 10 or more of a key frame and 3 of others, in whose
// bytes its number stands over and over.
inline std::vector<std::uint8_t> MakeVp8Frame(Dice& dice, bool key, std::size_t size, std::uint32_t number) {
  std::vector<std::uint8_t> frame = NumberedBytes(size, number);
  codec::Vp8FrameHeader header;
  header.key_frame = key;
  header.show_frame = dice.Chance(95);
  header.version = static_cast<std::uint8_t>(dice.Below(4));
  header.width = static_cast<std::uint16_t>(key ? 1 + dice.Below(0x3fff) : 0);
  header.height = static_cast<std::uint16_t>(key ? 1 + dice.Below(0x3fff) : 0);
  header.first_partition_size = static_cast<std::uint32_t>(dice.Below(size - header.WireSize() + 1));
  return header.Write(frame) ? frame : std::vector<std::uint8_t>();
}

// Writes what the header says, as section 6.2 of the VP9 bitstream specification has
// it; gives the number of bytes, the last of them filled with zeros.
inline std::size_t WriteVp9Header(const codec::Vp9FrameHeader& header, MutableBytes out) {
  BitWriter bits(out);
  const auto size = [&](std::uint32_t width, std::uint32_t height) {
    bits.WriteBits(width - 1, 16);
    bits.WriteBits(height - 1, 16);
  };
  bits.WriteBits(2, 2);
  bits.WriteBits(header.profile & 1u, 1);
  bits.WriteBits(header.profile >> 1, 1);
  if (header.profile == 3) bits.WriteBits(0, 1);
  bits.WriteBits(header.show_existing_frame ? 1 : 0, 1);
  if (header.show_existing_frame) {
    bits.WriteBits(header.frame_to_show, 3);
    return bits.byte_size();
  }
  bits.WriteBits(header.key_frame ? 0 : 1, 1);
  bits.WriteBits(header.show_frame ? 1 : 0, 1);
  bits.WriteBits(header.error_resilient ? 1 : 0, 1);
  if (!header.key_frame && !header.show_frame) bits.WriteBits(header.intra_only ? 1 : 0, 1);
  if (!header.key_frame && !header.error_resilient) bits.WriteBits(3, 2);  // reset_frame_context
  if (header.is_intra()) {
    bits.WriteBits(0x498342, 24);
    if (header.key_frame || header.profile > 0) {
      const bool odd = header.profile % 2 == 1;
      if (header.profile >= 2) bits.WriteBits(header.color.bit_depth == 12 ? 1 : 0, 1);
      bits.WriteBits(static_cast<std::uint32_t>(header.color.color_space), 3);
      if (header.color.color_space != codec::Vp9ColorSpace::kRgb) {
        bits.WriteBits(header.color.full_range ? 1 : 0, 1);
        if (odd) bits.WriteBits((header.color.subsampling_x ? 2u : 0u) | (header.color.subsampling_y ? 1u : 0u), 2);
      }
      if (odd) bits.WriteBits(0, 1);
    }
    if (!header.key_frame) bits.WriteBits(header.refresh_frame_flags, 8);
    size(header.width, header.height);
  } else {
    bits.WriteBits(header.refresh_frame_flags, 8);
    for (const std::uint8_t reference : header.references) bits.WriteBits(reference * 2u + 1u, 4);
    for (int i = 0; i < (header.size_of_reference < 0 ? 3 : header.size_of_reference); ++i) bits.WriteBits(0, 1);
    if (header.size_of_reference >= 0) {
      bits.WriteBits(1, 1);
    } else {
      size(header.width, header.height);
    }
  }
  const bool render = header.render_width != header.width || header.render_height != header.height;
  bits.WriteBits(render ? 1 : 0, 1);
  if (render) size(header.render_width, header.render_height);
  return bits.byte_size();
}

// What a header may say; an inter frame unless `key`.
inline codec::Vp9FrameHeader RandomVp9Header(Dice& dice, bool key) {
  codec::Vp9FrameHeader header;
  const auto size = [&dice] { return static_cast<std::uint32_t>(1 + dice.Below(65536)); };
  header.profile = static_cast<std::uint8_t>(dice.Below(4));
  if (!key && dice.Chance(3)) {
    header.show_existing_frame = true;
    header.frame_to_show = static_cast<std::uint8_t>(dice.Below(8));
    return header;
  }
  header.key_frame = key;
  header.show_frame = dice.Chance(80);
  header.error_resilient = dice.Chance(50);
  header.intra_only = !key && !header.show_frame && dice.Chance(30);
  header.refresh_frame_flags = static_cast<std::uint8_t>(key ? 0xff : dice.Chance(40) ? 0 : dice.Below(256));
  if (header.is_intra()) {
    const bool odd = header.profile % 2 == 1;
    if (header.key_frame || header.profile > 0) {
      if (header.profile >= 2) header.color.bit_depth = dice.Chance(50) ? 12 : 10;
      header.color.color_space = static_cast<codec::Vp9ColorSpace>(dice.Below(odd ? 8 : 7));
      header.color.full_range = odd && header.color.color_space == codec::Vp9ColorSpace::kRgb ? true : dice.Chance(50);
      if (odd) {
        header.color.subsampling_x = header.color.color_space != codec::Vp9ColorSpace::kRgb && dice.Chance(50);
        header.color.subsampling_y =
            header.color.color_space != codec::Vp9ColorSpace::kRgb && !header.color.subsampling_x && dice.Chance(50);
      }
    } else {
      header.color.color_space = codec::Vp9ColorSpace::kBt601;
    }
  } else {
    for (std::uint8_t& reference : header.references) reference = static_cast<std::uint8_t>(dice.Below(8));
    header.size_of_reference = static_cast<std::int8_t>(static_cast<int>(dice.Below(4)) - 1);
  }
  if (header.size_of_reference < 0) {
    header.width = size();
    header.height = size();
  }
  header.render_width = header.width;
  header.render_height = header.height;
  if (dice.Chance(20)) {
    header.render_width = size();
    header.render_height = size();
  }
  return header;
}

// A frame of at least `size` bytes with that header; its last byte is no end of a
// superframe index, as encoders see to.
inline std::vector<std::uint8_t> MakeVp9Frame(const codec::Vp9FrameHeader& header, std::size_t size,
                                              std::uint32_t number) {
  std::array<std::uint8_t, codec::Vp9FrameHeader::kMaxSize> head{};
  const std::size_t head_size = WriteVp9Header(header, head);
  std::vector<std::uint8_t> frame = NumberedBytes(std::max(size, head_size), number);
  if (frame.size() > head_size) frame.back() &= 0x1f;
  std::copy_n(head.begin(), head_size, frame.begin());
  if ((frame.back() & 0xe0) == 0xc0) frame.push_back(0);
  return frame;
}

// Sizes from the least to large ones, small ones often.
inline std::size_t RandomFrameSize(Dice& dice, std::size_t least) {
  return least + dice.Below(dice.Chance(60) ? 400 : dice.Chance(80) ? 4'000 : 40'000);
}

struct SentPacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
  std::vector<std::uint8_t> payload;
};

// What a network makes of packets: some are lost, some come twice, some late.
inline std::vector<SentPacket> Disturb(Dice& dice, const std::vector<SentPacket>& sent, int loss_percent) {
  std::vector<SentPacket> wire;
  for (const SentPacket& packet : sent) {
    if (dice.Chance(2)) wire.push_back(packet);
    if (!dice.Chance(loss_percent)) wire.push_back(packet);
  }
  for (std::size_t i = 8; i < wire.size(); ++i) {
    if (dice.Chance(10)) std::swap(wire[i], wire[i - dice.Below(8)]);
  }
  return wire;
}

// Back in order within a window of 16 packets, each once, and so to `deliver`,
// which takes an RtpPayload; what is late is lost.
template <typename Deliver>
void DeliverInOrder(const std::vector<SentPacket>& wire, Deliver&& deliver) {
  std::map<std::int64_t, const SentPacket*> window;
  Unwrapper<SequenceNumber> unwrapper;
  std::int64_t next = 0;
  bool started = false;
  const auto pop = [&] {
    const auto [number, packet] = *window.begin();
    deliver(
        codec::RtpPayload{RtpTimestamp(packet->timestamp), packet->marker, started && number != next, packet->payload});
    started = true;
    next = number + 1;
    window.erase(window.begin());
  };
  for (const SentPacket& packet : wire) {
    const std::int64_t number = unwrapper.Unwrap(SequenceNumber(packet.sequence));
    if (started && number < next) continue;
    window.emplace(number, &packet);
    if (window.size() > 16) pop();
  }
  while (!window.empty()) pop();
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_VPX_MAKER_H_
