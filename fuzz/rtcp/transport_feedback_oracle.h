#ifndef MEDIACORE_FUZZ_RTCP_TRANSPORT_FEEDBACK_ORACLE_H_
#define MEDIACORE_FUZZ_RTCP_TRANSPORT_FEEDBACK_ORACLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "mediacore/base/bytes.h"

namespace mediacore::fuzz {

// The slow way, straight from the draft's words: all symbols in a list, then all
// deltas. Nothing when the body (without padding) is no transport-wide feedback.
struct ToldPacket {
  std::uint16_t number = 0;
  bool received = false;
  std::int64_t quarter_ms = 0;  // since the reference time, of those received
  bool operator==(const ToldPacket&) const = default;
};
inline std::optional<std::vector<ToldPacket>> DecodeTransportFeedback(Bytes body) {
  if (body.size() < 16) return std::nullopt;
  const unsigned base = LoadU16(&body[8]), count = LoadU16(&body[10]);
  if (count == 0) return std::nullopt;
  std::size_t at = 16;
  std::vector<int> symbols;
  while (symbols.size() < count) {
    if (at + 2 > body.size()) return std::nullopt;
    const unsigned chunk = LoadU16(&body[at]);
    at += 2;
    if (chunk < 0x8000) {
      for (unsigned i = 0; i < (chunk & 0x1fff); ++i) symbols.push_back(static_cast<int>(chunk >> 13));
    } else if (chunk < 0xc000) {
      for (int bit = 13; bit >= 0; --bit) symbols.push_back(static_cast<int>(chunk >> bit & 1));
    } else {
      for (int bit = 12; bit >= 0; bit -= 2) symbols.push_back(static_cast<int>(chunk >> bit & 3));
    }
  }
  symbols.resize(count);
  std::vector<ToldPacket> packets;
  std::int64_t time = 0;
  for (const int symbol : symbols) {
    const bool received = symbol == 1 || symbol == 2;
    if (received) {
      const std::size_t size = symbol == 1 ? 1 : 2;
      if (at + size > body.size()) return std::nullopt;
      int delta = body[at];
      if (symbol == 2) {
        delta = body[at] << 8 | body[at + 1];
        if (delta > 0x7fff) delta -= 0x10000;
      }
      time += delta;
      at += size;
    }
    packets.push_back({static_cast<std::uint16_t>(base + packets.size()), received, received ? time : 0});
  }
  return packets;
}

}  // namespace mediacore::fuzz

#endif  // MEDIACORE_FUZZ_RTCP_TRANSPORT_FEEDBACK_ORACLE_H_
