#ifndef MEDIACORE_TOOLS_LENIENT_PACKET_H_
#define MEDIACORE_TOOLS_LENIENT_PACKET_H_

#include <algorithm>
#include <array>

#include "mediacore/rtp/packet_view.h"

namespace mediacore::tools {

// The packet, or, when its padding makes no sense, the packet without padding:
// in SRTP the count is encrypted. Good until the next Parse(). 64 KiB in place.
class LenientPacket {
 public:
  LenientPacket() {}  // copy_ is not made zero

  Expected<rtp::PacketView, rtp::PacketError> Parse(Bytes datagram) {
    auto packet = rtp::PacketView::Parse(datagram);
    bad_padding_ = !packet && packet.error() == rtp::PacketError::kBadPadding;
    if (!bad_padding_) return packet;
    std::copy(datagram.begin(), datagram.end(), copy_.begin());
    copy_[0] = static_cast<std::uint8_t>(copy_[0] & ~0x20);
    return rtp::PacketView::Parse(Bytes(copy_).first(datagram.size()));
  }
  bool bad_padding() const { return bad_padding_; }

 private:
  std::array<std::uint8_t, 0x10000> copy_;
  bool bad_padding_ = false;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_LENIENT_PACKET_H_
