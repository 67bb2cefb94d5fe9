#ifndef MEDIACORE_TESTS_SUPPORT_EXTENSION_BLOCKS_H_
#define MEDIACORE_TESTS_SUPPORT_EXTENSION_BLOCKS_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "mediacore/rtp/packet_view.h"

// Packets made of an extension block, and what they hold as text.
namespace mediacore::testing {

// "3=010203 5=0708", in the order of the packet.
inline std::string Elements(const rtp::PacketView& packet) {
  std::string text;
  packet.ForEachExtension([&](int id, Bytes value) {
    constexpr std::string_view kHex = "0123456789abcdef";
    if (!text.empty()) text += ' ';
    text += std::to_string(id) + '=';
    for (const std::uint8_t byte : value) {
      text += kHex[byte >> 4];
      text += kHex[byte & 15];
    }
  });
  return text;
}

// A packet that is a header and an extension block; whole words are made of it.
inline std::vector<std::uint8_t> WithBlock(std::uint16_t profile,
                                           std::vector<std::uint8_t> block) {
  block.resize((block.size() + 3) / 4 * 4);
  std::vector<std::uint8_t> packet(16 + block.size());
  packet[0] = 0x90;
  StoreU16(packet.data() + 12, profile);
  StoreU16(packet.data() + 14, static_cast<std::uint16_t>(block.size() / 4));
  std::ranges::copy(block, packet.begin() + 16);
  return packet;
}
inline std::string ElementsOf(std::uint16_t profile, std::vector<std::uint8_t> block) {
  const auto bytes = WithBlock(profile, std::move(block));
  const auto packet = rtp::PacketView::Parse(bytes);
  return packet ? Elements(*packet) : "refused";
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_EXTENSION_BLOCKS_H_
