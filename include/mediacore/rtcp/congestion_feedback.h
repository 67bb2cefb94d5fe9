#ifndef MEDIACORE_RTCP_CONGESTION_FEEDBACK_H_
#define MEDIACORE_RTCP_CONGESTION_FEEDBACK_H_

#include "mediacore/base/ecn.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// When a report was made: NtpTime::compact() of the reporter's wall clock, in
// 1/65536 s. It comes round every 18.2 hours; Unwrapper<ReportTimestamp> makes a
// number of it that does not.
using ReportTimestamp = WrappingNumber<struct ReportTimestampTag, std::uint32_t>;

// What is said of one packet ("packet metric block", RFC 8888, section 3.1).
//
//   0                   1
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |R|ECN|  arrival time offset    |   in 1/1024 s before the report timestamp
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// Of a packet that has not come all bits are 0; others on the wire are not read.
class PacketMetric {
 public:
  static constexpr std::uint16_t kOverRange = 0x1ffe;      // longer ago than 8189 units
  static constexpr std::uint16_t kUnknownOffset = 0x1fff;  // or after the report
  // The longest time that is told as it is: 8189 units.
  static constexpr TimeDelta kMaxOffset = TimeDelta::Micros(7'997'070);

  // Not received.
  constexpr PacketMetric() = default;
  constexpr explicit PacketMetric(std::uint16_t bits)
      : bits_((bits & kReceived) != 0 ? bits : std::uint16_t{0}) {}
  // Received so long before the report, to the nearest 1/1024 s. What is longer
  // than kMaxOffset is told as that; what is negative (the packet came after the
  // report's time) as unknown.
  static constexpr PacketMetric Received(Ecn ecn, TimeDelta before_report) {
    std::uint32_t offset = kUnknownOffset;
    if (before_report > kMaxOffset) {
      offset = kOverRange;
    } else if (before_report >= TimeDelta::Zero()) {
      // As TimeDelta::ToTicks(1024), for which 32 bits are enough here.
      offset = (static_cast<std::uint32_t>(before_report.us()) * 32 + 15'625) / 31'250;
    }
    return PacketMetric(static_cast<std::uint16_t>(kReceived | static_cast<std::uint32_t>(ecn) << 13 | offset));
  }

  constexpr std::uint16_t bits() const { return bits_; }
  constexpr bool received() const { return bits_ != 0; }
  // kNotEct also where ECN is not used.
  constexpr Ecn ecn() const { return static_cast<Ecn>(bits_ >> 13 & 3); }
  // In units, or one of the two constants; 0 of a packet that has not come.
  constexpr std::uint16_t arrival_time_offset() const { return bits_ & 0x1fff; }
  // How long before the report timestamp the packet came; PlusInfinity(): longer
  // than can be told. False, and `out` as it was, when that is not known or the
  // packet has not come.
  [[nodiscard]] constexpr bool ReadArrivalTimeOffset(TimeDelta& out) const {
    const std::uint16_t offset = arrival_time_offset();
    if (!received() || offset == kUnknownOffset) return false;
    out = offset == kOverRange ? TimeDelta::PlusInfinity() : TimeDelta::Micros(offset * 15'625 / 16);
    return true;
  }
  constexpr bool operator==(const PacketMetric&) const = default;

 private:
  static constexpr std::uint32_t kReceived = 0x8000;
  std::uint16_t bits_ = 0;
};

// What is said of one source: of its packets begin_seq, begin_seq + 1, ..., modulo
// 65536, num_reports of them (that it is their number says erratum 8166; begin_seq
// + num_reports is not among them). Borrows the message's bytes.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                             SSRC                              |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |          begin_seq            |          num_reports          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     metric of begin_seq       |    metric of begin_seq + 1    |
//  |             ...               | 16 bits of 0 after an odd one |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
class CongestionReportBlock {
 public:
  static constexpr std::size_t kHeadSize = 8;
  // A quarter of all sequence numbers.
  static constexpr int kMaxReports = 16'384;
  // On the wire, of a block of so many reports.
  static constexpr std::size_t SizeOf(std::size_t num_reports) { return kHeadSize + (num_reports + 1) / 2 * 4; }

  constexpr Ssrc ssrc() const { return Ssrc(LoadU32(at_)); }
  constexpr SequenceNumber begin_seq() const { return SequenceNumber(LoadU16(at_ + 4)); }
  // 0 to kMaxReports; where it is 0, begin_seq is the highest that came before.
  constexpr int num_reports() const { return LoadU16(at_ + 6); }
  constexpr std::size_t size() const { return SizeOf(LoadU16(at_ + 6)); }
  // Of packet begin_seq + `i`, which is below num_reports().
  constexpr PacketMetric metric(int i) const {
    assert(i >= 0 && i < num_reports());
    return PacketMetric(LoadU16(at_ + kHeadSize + 2 * static_cast<std::size_t>(i)));
  }
  // visit(SequenceNumber, PacketMetric) for each packet in order.
  template <typename Visit>
  constexpr void ForEach(Visit&& visit) const {
    const std::uint8_t* at = at_ + kHeadSize;
    SequenceNumber number = begin_seq();
    for (int left = num_reports(); left > 0; --left, at += 2, ++number) visit(number, PacketMetric(LoadU16(at)));
  }

 private:
  friend class CongestionFeedbackView;
  constexpr explicit CongestionReportBlock(const std::uint8_t* at) : at_(at) {}
  const std::uint8_t* at_;
};

// Congestion control feedback (CCFB; RFC 8888, section 3.1): which packets of
// each source arrived, when, and with which ECN mark.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P| FMT=11  |   PT = 205    |          length               |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                 SSRC of RTCP packet sender                    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :               report blocks, one for each source              :
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                 report timestamp (32 bits)                    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto feedback = rtcp::CongestionFeedbackView::Parse(block)) {
//     feedback->ForEach([&](Ssrc ssrc, SequenceNumber number, rtcp::PacketMetric metric) {
//       if (metric.received()) Acknowledge(ssrc, number, metric.ecn());
//     });
//   }
//
// Messages overlap: a packet that came late, or again with another mark, is told
// of once more with all behind it, so that what was missing in one message may
// have come in the next. Two bytes for a packet, and blocks with none at all: they
// are walked over, never stored. Borrows the block's bytes.
class CongestionFeedbackView {
 public:
  class Iterator {
   public:
    using value_type = CongestionReportBlock;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr explicit Iterator(const std::uint8_t* at) : at_(at) {}
    constexpr CongestionReportBlock operator*() const { return CongestionReportBlock(at_); }
    constexpr Iterator& operator++() {
      at_ += CongestionReportBlock(at_).size();
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(const Iterator&) const = default;

   private:
    const std::uint8_t* at_ = nullptr;
  };

  // Causes: kOtherMessage, kTooShort (no room for SSRC and report timestamp),
  // then per block kBadLength (less than its head is left), kBadCount (more
  // reports than there are), kBadValue (more than kMaxReports).
  static constexpr Expected<CongestionFeedbackView, FeedbackError> Parse(const BlockView& block) noexcept {
    // The 8 bytes that every feedback message has are here SSRC and timestamp.
    static_assert(FeedbackView::kSsrcsSize == kSsrcSize + kTimestampSize);
    const auto message = FeedbackView::Parse(block, kTransportFeedback, kFormatCongestionControl);
    if (!message) return message.error();
    const Bytes body = block.body();
    const std::uint8_t* at = body.data() + kSsrcSize;
    for (std::size_t left = body.size() - kSsrcSize - kTimestampSize; left > 0;) {
      if (left < CongestionReportBlock::kHeadSize) return FeedbackError::kBadLength;
      const CongestionReportBlock report(at);
      if (left < report.size()) return FeedbackError::kBadCount;
      if (report.num_reports() > CongestionReportBlock::kMaxReports) return FeedbackError::kBadValue;
      at += report.size();
      left -= report.size();
    }
    return CongestionFeedbackView(body);
  }

  constexpr Ssrc sender_ssrc() const { return Ssrc(LoadU32(body_.data())); }
  constexpr ReportTimestamp report_timestamp() const { return ReportTimestamp(LoadU32(blocks_end())); }
  // Over the report blocks.
  constexpr Iterator begin() const { return Iterator(body_.data() + kSsrcSize); }
  constexpr Iterator end() const { return Iterator(blocks_end()); }
  // visit(Ssrc, SequenceNumber, PacketMetric) for each packet of each block.
  template <typename Visit>
  constexpr void ForEach(Visit&& visit) const {
    for (const CongestionReportBlock block : *this) {
      const Ssrc ssrc = block.ssrc();
      block.ForEach([&](SequenceNumber number, PacketMetric metric) { visit(ssrc, number, metric); });
    }
  }

 private:
  static constexpr std::size_t kSsrcSize = 4;
  static constexpr std::size_t kTimestampSize = 4;

  constexpr explicit CongestionFeedbackView(Bytes body) : body_(body) {}
  constexpr const std::uint8_t* blocks_end() const { return body_.data() + body_.size() - kTimestampSize; }
  Bytes body_;
};

namespace internal {

// What stands before the report blocks, and behind them: the report timestamp.
inline constexpr std::size_t kCongestionHeadSize = BlockView::kHeaderSize + 4;
inline constexpr std::size_t kCongestionTailSize = 4;

constexpr void WriteCongestionHead(ByteWriter writer, std::size_t size, Ssrc sender_ssrc) {
  WriteBlockHeader(writer, kFormatCongestionControl, kTransportFeedback, size);
  writer.WriteU32(sender_ssrc.value());
}

// Writes a report block where there is room for it; metric(i) is that of packet
// begin_seq + i. Gives its size.
template <typename Metric>
constexpr std::size_t WriteReportBlock(std::uint8_t* to, Ssrc ssrc, SequenceNumber begin_seq, std::size_t num_reports,
                                       Metric&& metric) {
  StoreU32(to, ssrc.value());
  StoreU16(to + 4, begin_seq.value());
  StoreU16(to + 6, static_cast<std::uint16_t>(num_reports));
  to += CongestionReportBlock::kHeadSize;
  for (std::size_t i = 0; i < num_reports; ++i, to += 2) StoreU16(to, metric(i).bits());
  if (num_reports % 2 != 0) StoreU16(to, 0);
  return CongestionReportBlock::SizeOf(num_reports);
}

}  // namespace internal

// Writes what is known in order; congestion_feedback_builder.h does it of packets
// as they arrive. What it borrows has to live until Write().
struct CongestionFeedbackWriter {
  struct Block {
    Ssrc ssrc;
    SequenceNumber begin_seq;
    std::span<const PacketMetric> metrics;  // at most CongestionReportBlock::kMaxReports
  };

  Ssrc sender_ssrc;
  std::span<const Block> blocks;
  ReportTimestamp report_timestamp;

  // 0 when a limit above, or 65535 bytes in all, is passed.
  constexpr std::size_t WireSize() const {
    std::size_t size = internal::kCongestionHeadSize + internal::kCongestionTailSize;
    for (const Block& block : blocks) {
      if (block.metrics.size() > CongestionReportBlock::kMaxReports) return 0;
      size += CongestionReportBlock::SizeOf(block.metrics.size());
      if (size > internal::kMaxSize) return 0;
    }
    return size;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    internal::WriteCongestionHead(ByteWriter(out.first(size)), size, sender_ssrc);
    std::uint8_t* to = out.data() + internal::kCongestionHeadSize;
    for (const Block& block : blocks) {
      to += internal::WriteReportBlock(to, block.ssrc, block.begin_seq, block.metrics.size(),
                                       [&](std::size_t i) { return block.metrics[i]; });
    }
    StoreU32(to, report_timestamp.value());
    return true;
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_CONGESTION_FEEDBACK_H_
