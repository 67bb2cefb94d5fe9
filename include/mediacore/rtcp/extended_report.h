#ifndef MEDIACORE_RTCP_EXTENDED_REPORT_H_
#define MEDIACORE_RTCP_EXTENDED_REPORT_H_

#include <array>
#include <cstddef>
#include <iterator>
#include <tuple>

#include "mediacore/base/identifiers.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"

namespace mediacore::rtcp {

// Kinds of blocks inside an extended report (RFC 3611, section 4, and IANA's
// RTCP XR block types). A peer may send others; they are passed on by number.
enum class XrBlockType : std::uint8_t {
  kLossRle = 1,
  kDuplicateRle = 2,
  kPacketReceiptTimes = 3,
  kReceiverReferenceTime = 4,
  kDelaySinceLastRr = 5,
  kStatisticsSummary = 6,
  kVoipMetrics = 7,
  kBandwidthAllocation = 8,           // "RTCP XR" of RFC 5093
  kExtendedVoipQuality = 9,           // Texas Instruments
  kPostRepairLossRle = 10,            // RFC 5725
  kMulticastAcquisition = 11,         // RFC 6332
  kIdms = 12,                         // RFC 7272
  kEcnSummary = 13,                   // RFC 6679
  kMeasurementInformation = 14,       // RFC 6776
  kPacketDelayVariation = 15,         // RFC 6798
  kDelayMetrics = 16,                 // RFC 6843
  kBurstGapLossSummary = 17,          // RFC 7004
  kBurstGapDiscardSummary = 18,       // RFC 7004
  kFrameImpairmentSummary = 19,       // RFC 7004
  kBurstGapLoss = 20,                 // RFC 6958
  kBurstGapDiscard = 21,              // RFC 7003
  kTsPsiIndependentDecodability = 22,  // RFC 6990
  kDeJitterBuffer = 23,               // RFC 7005
  kDiscardCount = 24,                 // RFC 7002
  kDiscardRle = 25,                   // RFC 7097
  kBytesDiscarded = 26,               // RFC 7243
  kInitialSynchronizationDelay = 27,  // RFC 7244
  kSynchronizationOffset = 28,        // RFC 7244
  kMosMetrics = 29,                   // RFC 7266
  kLossConcealment = 30,              // RFC 7294
  kConcealedSeconds = 31,             // RFC 7294
  kTsPsiDecodability = 32,            // RFC 7380
  kPostRepairLossCount = 33,          // RFC 7509
  kVideoLossConcealment = 34,         // RFC 7867
  kIndependentBurstGapDiscard = 35,   // RFC 8015
  kTargetBitrate = 42,                // not IANA's: libwebrtc
};

// The name that tools print; empty for a number without one here.
constexpr std::string_view ToString(XrBlockType type) {
  constexpr std::array<std::string_view, 36> kNames = {
      "",
      "Loss RLE",
      "Duplicate RLE",
      "Packet Receipt Times",
      "Receiver Reference Time",
      "DLRR",
      "Statistics Summary",
      "VoIP Metrics",
      "RTCP XR (RFC 5093)",
      "Extended VoIP Quality",
      "Post-repair Loss RLE",
      "Multicast Acquisition",
      "IDMS",
      "ECN Summary",
      "Measurement Information",
      "Packet Delay Variation Metrics",
      "Delay Metrics",
      "Burst/Gap Loss Summary Statistics",
      "Burst/Gap Discard Summary Statistics",
      "Frame Impairment Statistics Summary",
      "Burst/Gap Loss Metrics",
      "Burst/Gap Discard Metrics",
      "MPEG2 TS PSI-Independent Decodability",
      "De-Jitter Buffer Metrics",
      "Discard Count Metrics",
      "Discard RLE",
      "Bytes Discarded",
      "Initial Synchronization Delay",
      "Synchronization Offset",
      "MOS Metrics",
      "Loss Concealment Metrics",
      "Concealed Seconds Metrics",
      "MPEG2 TS PSI Decodability",
      "Post-Repair Loss Count",
      "Video Loss Concealment",
      "Independent Burst/Gap Discard Metrics",
  };
  if (type == XrBlockType::kTargetBitrate) return "Target Bitrate";
  const auto number = static_cast<std::size_t>(type);
  return number < kNames.size() ? kNames[number] : "";
}

// Why a block is not an extended report, in the order the parser looks.
enum class ExtendedReportError : std::uint8_t {
  kNotExtendedReport,  // packet type is not 207
  kTooShort,           // no room for the SSRC of the reporter
  kBlockTruncated,     // a block inside has no whole header or runs past the end
};
inline constexpr int kExtendedReportErrorCount = 3;

constexpr std::string_view ToString(ExtendedReportError error) {
  switch (error) {
    case ExtendedReportError::kNotExtendedReport: return "rtcp xr: other type";
    case ExtendedReportError::kTooShort: return "rtcp xr: too short";
    case ExtendedReportError::kBlockTruncated: return "rtcp xr: block truncated";
  }
  return "rtcp xr: unknown";
}

// Why a block inside an extended report is not the one that it was taken for,
// in the order the parsers look. All kinds share these causes.
enum class XrBlockError : std::uint8_t {
  kOtherType,  // another block type
  kBadLength,  // not the length that this type has
  kBadCount,   // not as many entries as the sequence numbers ask for
  kBadValue,   // a field has a value that the RFC does not allow
};
inline constexpr int kXrBlockErrorCount = 4;

constexpr std::string_view ToString(XrBlockError error) {
  switch (error) {
    case XrBlockError::kOtherType: return "rtcp xr block: other type";
    case XrBlockError::kBadLength: return "rtcp xr block: bad length";
    case XrBlockError::kBadCount: return "rtcp xr block: bad count";
    case XrBlockError::kBadValue: return "rtcp xr block: bad value";
  }
  return "rtcp xr block: unknown";
}

// One block of an extended report, seen in place (RFC 3611, section 3).
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  block type   | type-specific |  length in words, minus one   |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                     type-specific contents                    :
//
// Good for as long as the bytes behind it are.
class XrBlockView {
 public:
  static constexpr std::size_t kHeaderSize = 4;

  // Takes one block off the front of `reader`. On error (kBlockTruncated only)
  // `reader` is unchanged; on success it has moved by at least 4 bytes.
  static constexpr Expected<XrBlockView, ExtendedReportError> TakeFrom(ByteReader& reader) noexcept {
    const Bytes rest = reader.rest();
    Bytes block;
    if (rest.size() < kHeaderSize || !reader.ReadBytes(4 * (std::size_t{LoadU16(rest.data() + 2)} + 1), block)) {
      return ExtendedReportError::kBlockTruncated;
    }
    return XrBlockView(block);
  }

  constexpr XrBlockType type() const { return static_cast<XrBlockType>(block_[0]); }
  constexpr std::uint8_t type_specific() const { return block_[1]; }
  // What stands behind the header; a multiple of 4.
  constexpr Bytes body() const { return block_.subspan(kHeaderSize); }
  constexpr std::size_t size() const { return block_.size(); }
  constexpr Bytes bytes() const { return block_; }

 private:
  constexpr explicit XrBlockView(Bytes block) : block_(block) {}
  Bytes block_;
};

// An extended report (RFC 3611, section 2): who reports, then blocks of any
// kind and number, each proved to lie inside.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|reserved |   PT=XR=207   |             length            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                              SSRC                             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                         report blocks                         :
//
//   for (const rtcp::XrBlockView xr : *report) {
//     if (const auto time = rtcp::XrReferenceTime::Parse(xr)) Remember(time->ntp_time);
//     else if (const auto delays = rtcp::XrDelaySinceRrView::Parse(xr)) { ... }
//   }
//
// A block that its own view refuses leaves the others readable. Borrows the
// block's bytes.
class ExtendedReportView {
 public:
  class Iterator;

  static constexpr Expected<ExtendedReportView, ExtendedReportError> Parse(const BlockView& block) noexcept {
    if (block.packet_type() != kExtendedReport) return ExtendedReportError::kNotExtendedReport;
    ByteReader reader(block.body());
    if (!reader.Skip(4)) return ExtendedReportError::kTooShort;
    while (!reader.empty()) {
      const auto xr = XrBlockView::TakeFrom(reader);
      if (!xr) return xr.error();
    }
    return ExtendedReportView(block.body());
  }

  constexpr Ssrc sender_ssrc() const { return Ssrc(LoadU32(body_.data())); }
  // All of them, one behind the other.
  constexpr Bytes blocks() const { return body_.subspan(4); }
  constexpr Iterator begin() const;
  constexpr std::default_sentinel_t end() const { return {}; }

 private:
  constexpr explicit ExtendedReportView(Bytes body) : body_(body) {}
  Bytes body_;
};

// Over blocks that Parse() has proved; gives each by value.
class ExtendedReportView::Iterator {
 public:
  using value_type = XrBlockView;
  using difference_type = std::ptrdiff_t;

  constexpr XrBlockView operator*() const {
    ByteReader reader(rest_);
    return *XrBlockView::TakeFrom(reader);
  }
  constexpr Iterator& operator++() {
    rest_ = rest_.subspan(4 * (std::size_t{LoadU16(rest_.data() + 2)} + 1));
    return *this;
  }
  constexpr Iterator operator++(int) {
    const Iterator before = *this;
    ++*this;
    return before;
  }
  constexpr bool operator==(std::default_sentinel_t) const { return rest_.empty(); }

 private:
  friend class ExtendedReportView;
  constexpr explicit Iterator(Bytes rest) : rest_(rest) {}
  Bytes rest_;
};

constexpr ExtendedReportView::Iterator ExtendedReportView::begin() const { return Iterator(blocks()); }

// The sequence numbers that a block reports on (RFC 3611, section 4.1): from
// `begin` to before `end`, round the wrap where need be, and of these only the
// multiples of 2^thinning. 0 to 65,535 of them.
struct XrSequenceRange {
  static constexpr std::size_t kSize = 4;
  static constexpr int kMaxThinning = 15;

  SequenceNumber begin;
  SequenceNumber end;
  std::uint8_t thinning = 0;  // at most kMaxThinning

  constexpr bool operator==(const XrSequenceRange&) const = default;

  constexpr std::size_t count() const {
    const std::size_t length = static_cast<std::uint16_t>(end.value() - begin.value());
    const std::size_t skipped = static_cast<std::uint16_t>(first().value() - begin.value());
    return length <= skipped ? 0 : ((length - skipped - 1) >> thinning) + 1;
  }
  // The number that entry `i` reports on; `i` is below count().
  constexpr SequenceNumber at(std::size_t i) const {
    return SequenceNumber(static_cast<std::uint16_t>(first().value() + (i << thinning)));
  }

 private:
  constexpr SequenceNumber first() const {
    const unsigned step = 1u << thinning;
    return SequenceNumber(static_cast<std::uint16_t>((begin.value() + step - 1) & ~(step - 1)));
  }
};

namespace internal {
// Header and `body` bytes; 0 when they are no block of a report.
constexpr std::size_t XrBlockWireSize(std::size_t body) {
  const std::size_t size = XrBlockView::kHeaderSize + body;
  return body <= kMaxSize && size % 4 == 0 && size <= kMaxSize ? size : 0;
}
// `size` is that of the whole block.
constexpr void WriteXrBlockHeader(ByteWriter& writer, XrBlockType type, std::uint8_t type_specific, std::size_t size) {
  writer.WriteU8(static_cast<std::uint8_t>(type));
  writer.WriteU8(type_specific);
  writer.WriteU16(static_cast<std::uint16_t>(size / 4 - 1));
}
// Source and range, as blocks 1, 2, 3, 6 and 10 begin.
constexpr XrSequenceRange ReadXrRange(const XrBlockView& block) {
  return {SequenceNumber(LoadU16(block.body().data() + 4)), SequenceNumber(LoadU16(block.body().data() + 6)),
          static_cast<std::uint8_t>(block.type_specific() & 0x0f)};
}
constexpr void WriteXrRange(ByteWriter& writer, Ssrc ssrc, const XrSequenceRange& range) {
  writer.WriteU32(ssrc.value());
  writer.WriteU16(range.begin.value());
  writer.WriteU16(range.end.value());
}
}  // namespace internal

// Writes a block of any type from its contents, which have to live until
// Write().
struct XrBlockWriter {
  XrBlockType type{};
  std::uint8_t type_specific = 0;
  Bytes body;  // a multiple of 4 bytes

  constexpr std::size_t WireSize() const { return internal::XrBlockWireSize(body.size()); }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteXrBlockHeader(writer, type, type_specific, size);
    writer.WriteBytes(body);
    return writer.ok();
  }
};

// Blocks that lie written one behind the other already, as
// ExtendedReportView::blocks() gives them.
struct XrBlocksCopy {
  Bytes blocks;

  // Also 0 when there are none, as no block at all cannot be told from one that
  // cannot be written.
  constexpr std::size_t WireSize() const {
    ByteReader reader(blocks);
    while (XrBlockView::TakeFrom(reader)) {
    }
    return reader.empty() && blocks.size() <= internal::kMaxSize ? blocks.size() : 0;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    std::copy_n(blocks.data(), size, out.data());
    return true;
  }
};

// Writes an extended report of the blocks given, each a writer or a value with
// WireSize() and Write():
//
//   const rtcp::ExtendedReportWriter report(ssrc, rtcp::XrReferenceTime{now}, delays);
//   if (report.Write(out)) Send(out.first(report.WireSize()));
template <typename... Blocks>
class ExtendedReportWriter {
 public:
  constexpr explicit ExtendedReportWriter(Ssrc sender_ssrc, const Blocks&... blocks)
      : sender_ssrc_(sender_ssrc), blocks_(blocks...) {}

  // 0 when a block cannot be written, or they are more than 65535 bytes.
  constexpr std::size_t WireSize() const {
    return std::apply(
        [](const auto&... block) {
          const std::array<std::size_t, sizeof...(block)> sizes{block.WireSize()...};
          std::size_t body = 4;
          for (const std::size_t size : sizes) {
            if (size == 0) return std::size_t{0};
            body += size;
          }
          return internal::BlockWireSize(0, body, 0);
        },
        blocks_);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteBlockHeader(writer, 0, kExtendedReport, size);
    writer.WriteU32(sender_ssrc_.value());
    MutableBytes rest = out.first(size).subspan(writer.size());
    return std::apply(
        [&rest](const auto&... block) {
          return ((block.Write(rest) && (rest = rest.subspan(block.WireSize()), true)) && ...);
        },
        blocks_);
  }

 private:
  Ssrc sender_ssrc_;
  std::tuple<Blocks...> blocks_;
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_EXTENDED_REPORT_H_
