#ifndef MEDIACORE_TESTS_SUPPORT_OPUS_MAKER_H_
#define MEDIACORE_TESTS_SUPPORT_OPUS_MAKER_H_

#include <vector>

#include "h264_maker.h"

namespace mediacore::testing {

// A packet of Opus of any code, `frames` of `config` (RFC 6716, section 3.2) with
// noise inside. Of code 3 sometimes with padding and sizes of their own.
inline std::vector<std::uint8_t> MakeOpusPacket(Dice& dice, int config, std::size_t frames,
                                                std::size_t max_frame = 300) {
  const auto toc = static_cast<std::uint8_t>(config << 3 | static_cast<int>(dice.Below(2)) << 2);
  std::vector<std::uint8_t> packet = {toc};
  const auto append_size = [&packet](std::size_t size) {
    if (size < 252) return packet.push_back(static_cast<std::uint8_t>(size));
    packet.push_back(static_cast<std::uint8_t>(252 + size % 4));
    packet.push_back(static_cast<std::uint8_t>((size - 252) / 4));
  };
  const auto append_frame = [&](std::size_t size) {
    const std::vector<std::uint8_t> noise = dice.Block(size);
    packet.insert(packet.end(), noise.begin(), noise.end());
  };
  const std::size_t size = dice.Below(max_frame + 1);
  if (frames == 1 && dice.Chance(60)) {
    append_frame(size);
  } else if (frames == 2 && dice.Chance(40)) {
    packet[0] |= 1;
    append_frame(2 * size);
  } else if (frames == 2 && dice.Chance(60)) {
    packet[0] |= 2;
    append_size(size);
    append_frame(size + dice.Below(max_frame + 1));
  } else {
    const bool differ = dice.Chance(50);
    const std::size_t padding = dice.Chance(40) ? dice.Below(600) : 0;
    packet[0] |= 3;
    packet.push_back(static_cast<std::uint8_t>((differ ? 0x80 : 0) | (padding != 0 ? 0x40 : 0) | frames));
    if (padding != 0) {
      std::size_t left = padding;
      for (; left >= 254; left -= 254) packet.push_back(255);
      packet.push_back(static_cast<std::uint8_t>(left));
    }
    if (differ) {
      std::size_t sum = 0;
      for (std::size_t i = 1; i < frames; ++i) {
        const std::size_t one = dice.Below(max_frame + 1);
        append_size(one);
        sum += one;
      }
      append_frame(sum + size);
    } else {
      append_frame(size * frames);
    }
    packet.resize(packet.size() + padding);
  }
  return packet;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_OPUS_MAKER_H_
