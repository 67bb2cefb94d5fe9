#ifndef MEDIACORE_RTCP_XR_TARGET_BITRATE_H_
#define MEDIACORE_RTCP_XR_TARGET_BITRATE_H_

#include <cassert>
#include <span>

#include "mediacore/base/units.h"
#include "mediacore/rtcp/extended_report.h"

namespace mediacore::rtcp {

// What a sender means to spend on one layer.
struct XrTargetBitrate {
  static constexpr std::size_t kSize = 4;
  static constexpr DataRate kMaxRate = DataRate::KilobitsPerSecond(0xffffff);

  std::uint8_t spatial_layer = 0;   // 0 to 15
  std::uint8_t temporal_layer = 0;  // 0 to 15
  DataRate rate = DataRate::Zero();  // whole kilobits per second, at most kMaxRate

  constexpr bool operator==(const XrTargetBitrate&) const = default;
};

// Target bit rates of a sender's layers, as libwebrtc sends them under a block
// type that IANA has not assigned.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     BT=42     |   reserved    |         block length          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |   S   |   T   |                target bitrate, kbps           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                     the same for the next layer               :
//
//   for (std::size_t i = 0; i < targets->count(); ++i) total = total + targets->at(i).rate;
//
// Errors: kOtherType; every length is one of whole entries. Borrows the block's
// bytes.
class XrTargetBitrateView {
 public:
  static constexpr Expected<XrTargetBitrateView, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (block.type() != XrBlockType::kTargetBitrate) return XrBlockError::kOtherType;
    return XrTargetBitrateView(block.body());
  }

  constexpr std::size_t count() const { return body_.size() / XrTargetBitrate::kSize; }
  // `i` is below count().
  constexpr XrTargetBitrate at(std::size_t i) const {
    assert(i < count());
    const std::uint8_t* from = body_.data() + i * XrTargetBitrate::kSize;
    return {static_cast<std::uint8_t>(from[0] >> 4), static_cast<std::uint8_t>(from[0] & 0x0f),
            DataRate::KilobitsPerSecond(LoadU24(from + 1))};
  }

 private:
  constexpr explicit XrTargetBitrateView(Bytes body) : body_(body) {}
  Bytes body_;
};

// Writes them; what it borrows has to live until Write().
struct XrTargetBitrateWriter {
  std::span<const XrTargetBitrate> targets;

  // 0 when a limit above is passed or they are more than a datagram holds.
  constexpr std::size_t WireSize() const {
    if (targets.size() > internal::kMaxSize / XrTargetBitrate::kSize) return 0;
    for (const XrTargetBitrate& target : targets) {
      const bool layers = target.spatial_layer < 16 && target.temporal_layer < 16;
      const bool rate = target.rate >= DataRate::Zero() && target.rate <= XrTargetBitrate::kMaxRate &&
                        target.rate.bps() % 1000 == 0;
      if (!layers || !rate) return 0;
    }
    return internal::XrBlockWireSize(targets.size() * XrTargetBitrate::kSize);
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteXrBlockHeader(writer, XrBlockType::kTargetBitrate, 0, size);
    for (const XrTargetBitrate& target : targets) {
      writer.WriteU8(static_cast<std::uint8_t>(target.spatial_layer << 4 | target.temporal_layer));
      writer.WriteU24(static_cast<std::uint32_t>(target.rate.bps() / 1000));
    }
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_TARGET_BITRATE_H_
