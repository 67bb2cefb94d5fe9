#ifndef MEDIACORE_BENCH_MUX_OGG_PACKETS_H_
#define MEDIACORE_BENCH_MUX_OGG_PACKETS_H_

#include <array>
#include <vector>

#include "mediacore/mux/ogg_opus_writer.h"
#include "mediacore/mux/opus_tags.h"

namespace mediacore::mux::bench {

inline constexpr std::array<std::uint8_t, 19> kOpusHead = {'O',  'p', 'u',  's',  'H', 'e', 'a', 'd', 1, 2,
                                                           0x38, 1,   0x80, 0xbb, 0,   0,   0,   0,   0};

// Packets of 20 ms, one behind the other.
inline std::size_t WriteOpus(Bytes packet, int count, MutableBytes out) {
  static std::array<std::uint8_t, kOggMaxPageSize> page;
  std::size_t at = 0;
  const auto append = [&](Bytes bytes) {
    std::copy_n(bytes.data(), bytes.size(), out.data() + at);
    at += bytes.size();
  };
  std::array<std::uint8_t, 16> tags{};
  OpusTags().Write(tags);
  OggOpusWriter writer({.serial = 1}, page);
  writer.Start(kOpusHead, tags, append);
  for (int i = 0; i < count; ++i) writer.AddPacket(packet, 960, append);
  writer.Finish(0, append);
  return at;
}

}  // namespace mediacore::mux::bench

#endif  // MEDIACORE_BENCH_MUX_OGG_PACKETS_H_
