#ifndef MEDIACORE_RTCP_BYE_H_
#define MEDIACORE_RTCP_BYE_H_

#include <cassert>

#include "mediacore/base/identifiers.h"
#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"

namespace mediacore::rtcp {

// Why a block is not a BYE, in the order the parser looks.
enum class ByeError : std::uint8_t {
  kNotBye,            // packet type is not 203
  kSourcesTruncated,  // SC promises more sources than there are bytes
  kReasonTruncated,   // the reason is longer than what is left
};
inline constexpr int kByeErrorCount = 3;

constexpr std::string_view ToString(ByeError error) {
  switch (error) {
    case ByeError::kNotBye: return "rtcp bye: other type";
    case ByeError::kSourcesTruncated: return "rtcp bye: sources truncated";
    case ByeError::kReasonTruncated: return "rtcp bye: reason truncated";
  }
  return "rtcp bye: unknown";
}

// Sources that leave (RFC 3550, section 6.6): SC times an SSRC, then, if there
// is more, the length of a reason in one byte, the reason, and fill up to a
// word. Borrows the block's bytes.
class ByeView {
 public:
  static constexpr Expected<ByeView, ByeError> Parse(
      const BlockView& block) noexcept {
    if (block.packet_type() != kGoodbye) return ByeError::kNotBye;
    ByteReader reader(block.body());
    Bytes sources;
    if (!reader.ReadBytes(4 * static_cast<std::size_t>(block.count()), sources)) {
      return ByeError::kSourcesTruncated;
    }
    std::uint8_t length = 0;
    Bytes reason;
    if (reader.ReadU8(length) && !reader.ReadBytes(length, reason)) {
      return ByeError::kReasonTruncated;
    }
    return ByeView(sources, reason);
  }

  // `i` is below ssrc_count(), which is at most 31 and may be 0.
  constexpr int ssrc_count() const {
    return static_cast<int>(sources_.size() / 4);
  }
  constexpr Ssrc ssrc(int i) const {
    assert(i >= 0 && i < ssrc_count());
    return Ssrc(LoadU32(sources_.data() + 4 * i));
  }
  // Text without a terminator; empty when none was given.
  constexpr Bytes reason() const { return reason_; }

 private:
  constexpr ByeView(Bytes sources, Bytes reason)
      : sources_(sources), reason_(reason) {}
  Bytes sources_;
  Bytes reason_;
};

// Writes a BYE; what it borrows has to live until Write().
struct ByeWriter {
  std::span<const Ssrc> ssrcs;  // at most 31
  Bytes reason;                 // at most 255 bytes; empty: none is written

  // 0 when a limit above is passed.
  constexpr std::size_t WireSize() const {
    if (ssrcs.size() > internal::kMaxCount || reason.size() > 255) return 0;
    const std::size_t words = reason.empty() ? 0 : reason.size() / 4 + 1;
    return internal::BlockWireSize(ssrcs.size(), 4 * (ssrcs.size() + words), 0);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteBlockHeader(writer, ssrcs.size(), kGoodbye, size);
    for (const Ssrc ssrc : ssrcs) writer.WriteU32(ssrc.value());
    if (!reason.empty()) {
      writer.WriteU8(static_cast<std::uint8_t>(reason.size()));
      writer.WriteBytes(reason);
      writer.Fill(writer.room(), 0);
    }
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_BYE_H_
