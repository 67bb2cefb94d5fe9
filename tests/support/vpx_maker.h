#ifndef MEDIACORE_TESTS_SUPPORT_VPX_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_VPX_MAKER_H_

#include <map>
#include <vector>

#include "h264_maker.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/vp8.h"

namespace mediacore::testing {

// A frame of `size` bytes, 10 or more of a key frame and 3 of others, in whose
// bytes its number stands over and over.
inline std::vector<std::uint8_t> MakeVp8Frame(Dice& dice, bool key, std::size_t size, std::uint32_t number) {
  std::vector<std::uint8_t> frame(size);
  for (std::size_t i = 0; i < size; ++i) {
    frame[i] = static_cast<std::uint8_t>((number >> (i % 4 * 8)) ^ (i % 8 < 4 ? 0 : i / 8));
  }
  codec::Vp8FrameHeader header;
  header.key_frame = key;
  header.show_frame = dice.Chance(95);
  header.version = static_cast<std::uint8_t>(dice.Below(4));
  header.width = static_cast<std::uint16_t>(key ? 1 + dice.Below(0x3fff) : 0);
  header.height = static_cast<std::uint16_t>(key ? 1 + dice.Below(0x3fff) : 0);
  header.first_partition_size = static_cast<std::uint32_t>(dice.Below(size - header.WireSize() + 1));
  return header.Write(frame) ? frame : std::vector<std::uint8_t>();
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
