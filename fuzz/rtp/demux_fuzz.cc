#include "mediacore/rtp/demux.h"

#include "../support/input.h"
#include "mediacore/rtp/packet_view.h"

// One answer for any bytes, that of the first byte's range or none; what is
// called by a protocol's name has the bytes of its smallest packet; nothing but
// the first two bytes and the length matters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtp;
  const mediacore::Bytes datagram(data, size);
  const PacketKind kind = Demultiplex(datagram);
  FUZZ_CHECK(!ToString(kind).empty());
  switch (kind) {
    case PacketKind::kUnknown: break;
    case PacketKind::kStun: FUZZ_CHECK(data[0] <= 3 && size >= 20); break;
    case PacketKind::kZrtp: FUZZ_CHECK(data[0] >= 16 && data[0] <= 19 && size >= 16); break;
    case PacketKind::kDtls: FUZZ_CHECK(data[0] >= 20 && data[0] <= 63 && size >= 13); break;
    case PacketKind::kTurnChannel: FUZZ_CHECK(data[0] >= 64 && data[0] <= 79 && size >= 4); break;
    case PacketKind::kQuic: FUZZ_CHECK(((data[0] >= 80 && data[0] <= 127) || data[0] >= 192) && size >= 21); break;
    case PacketKind::kRtp:
      FUZZ_CHECK(data[0] >> 6 == 2 && size >= PacketView::kFixedHeaderSize);
      FUZZ_CHECK(data[1] < 192 || data[1] > 223);
      break;
    case PacketKind::kRtcp: FUZZ_CHECK(data[0] >> 6 == 2 && size >= 4 && data[1] >= 192 && data[1] <= 223); break;
    default: FUZZ_CHECK(false);
  }
  if (kind == PacketKind::kUnknown && size >= 21) FUZZ_CHECK(data[0] >= 4 && data[0] <= 15);
  return 0;
}
