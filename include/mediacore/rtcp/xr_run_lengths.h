#ifndef MEDIACORE_RTCP_XR_RUN_LENGTHS_H_
#define MEDIACORE_RTCP_XR_RUN_LENGTHS_H_

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "mediacore/rtcp/extended_report.h"

namespace mediacore::rtcp {

// Packets in a row of which the same is said.
struct XrRun {
  // Loss RLE: it arrived. Duplicate RLE: no duplicate of it came. Post-repair
  // loss RLE: it arrived or was repaired.
  bool good = false;
  std::size_t count = 0;

  constexpr bool operator==(const XrRun&) const = default;
};

// What became of each packet of a source, as runs: loss (1), duplicates (2),
// loss after repair (10) (RFC 3611, sections 4.1 and 4.2; RFC 5725).
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  BT=1, 2, 10  | rsvd. |   T   |         block length          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        SSRC of source                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |          begin_seq            |             end_seq           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |0|R|  run length, 1 to 16383   |1|         15 bits             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                chunks; one of all zeros ends them             :
//
//   losses->ForEachRun([&](SequenceNumber first, const rtcp::XrRun& run) {
//     if (!run.good) lost += run.count;
//   });
//
// Errors: kOtherType, kBadLength (no room for source and range). A run of no
// packets is skipped; what chunks say beyond the range is ignored; packets that
// no chunk covers are not visited. Bound: no more visits than the range has
// numbers, 15 for a chunk. Borrows the block's bytes.
class XrRunLengthsView {
 public:
  static constexpr bool IsRunLengths(XrBlockType type) {
    return type == XrBlockType::kLossRle || type == XrBlockType::kDuplicateRle ||
           type == XrBlockType::kPostRepairLossRle;
  }

  static constexpr Expected<XrRunLengthsView, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (!IsRunLengths(block.type())) return XrBlockError::kOtherType;
    if (block.body().size() < 8) return XrBlockError::kBadLength;
    return XrRunLengthsView(block);
  }

  constexpr XrBlockType type() const { return type_; }
  constexpr Ssrc ssrc() const { return Ssrc(LoadU32(body_.data())); }
  constexpr const XrSequenceRange& range() const { return range_; }
  // visit(SequenceNumber first, const XrRun&), in order; neighbours differ. The
  // packets of a run are 2^thinning apart.
  template <typename Visit>
  constexpr void ForEachRun(Visit&& visit) const {
    std::size_t left = range_.count();
    std::size_t from = 0;  // of the run that is being gathered
    XrRun run;
    const auto add = [&](bool good, std::size_t count) {
      count = std::min(count, left);
      if (count == 0) return;
      left -= count;
      if (good != run.good) {
        if (run.count > 0) visit(range_.at(from), std::as_const(run));
        from += run.count;
        run = {good, 0};
      }
      run.count += count;
    };
    for (ByteReader chunks(body_.subspan(8)); left > 0;) {
      std::uint16_t chunk = 0;
      if (!chunks.ReadU16(chunk) || chunk == 0) break;
      if ((chunk & 0x8000) == 0) {
        add((chunk & 0x4000) != 0, chunk & 0x3fff);
        continue;
      }
      // The 15 bits at the top, so that runs of equal bits are leading ones.
      auto bits = static_cast<std::uint16_t>(chunk << 1);
      for (int rest = 15; rest > 0;) {
        const bool good = (bits & 0x8000) != 0;
        const int same = std::min(rest, good ? std::countl_one(bits) : std::countl_zero(bits));
        add(good, static_cast<std::size_t>(same));
        bits = static_cast<std::uint16_t>(bits << same);
        rest -= same;
      }
    }
    if (run.count > 0) visit(range_.at(from), std::as_const(run));
  }

 private:
  constexpr explicit XrRunLengthsView(const XrBlockView& block)
      : body_(block.body()), range_(internal::ReadXrRange(block)), type_(block.type()) {}
  Bytes body_;
  XrSequenceRange range_;
  XrBlockType type_;
};

// Writes runs: long ones as run lengths, what is short as bits; what it borrows
// has to live until Write().
//
//   const std::array runs{rtcp::XrRun{true, 500}, rtcp::XrRun{false, 2}, rtcp::XrRun{true, 98}};
//   const rtcp::XrRunLengthsWriter losses{rtcp::XrBlockType::kLossRle, ssrc, {first, first + 600}, runs};
struct XrRunLengthsWriter {
  XrBlockType type = XrBlockType::kLossRle;
  Ssrc ssrc;
  XrSequenceRange range = {};
  std::span<const XrRun> runs;  // together as many as the range has numbers

  // 0 when they are not, the type is another, the thinning is above 15, or they
  // are more than a datagram holds.
  constexpr std::size_t WireSize() const {
    if (!XrRunLengthsView::IsRunLengths(type) || range.thinning > XrSequenceRange::kMaxThinning) return 0;
    std::size_t left = range.count();
    for (const XrRun& run : runs) {
      if (run.count > left) return 0;
      left -= run.count;
    }
    if (left != 0) return 0;
    std::size_t chunks = 0;
    Encode([&chunks](std::uint16_t) { ++chunks; });
    return internal::XrBlockWireSize(8 + 2 * (chunks + chunks % 2));
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteXrBlockHeader(writer, type, range.thinning, size);
    internal::WriteXrRange(writer, ssrc, range);
    Encode([&writer](std::uint16_t chunk) { writer.WriteU16(chunk); });
    writer.Fill(size - writer.size(), 0);
    return writer.ok();
  }

 private:
  template <typename Put>
  constexpr void Encode(Put&& put) const {
    unsigned bits = 0;
    std::size_t gathered = 0;  // bits of a chunk that is not full
    for (const XrRun& run : runs) {
      std::size_t left = run.count;
      while (left > 0) {
        if (gathered == 0 && left >= 15) {
          const std::size_t length = std::min<std::size_t>(left, 0x3fff);
          put(static_cast<std::uint16_t>((run.good ? 0x4000u : 0u) | length));
          left -= length;
          continue;
        }
        const std::size_t taken = std::min(left, 15 - gathered);
        bits = bits << taken | (run.good ? (1u << taken) - 1 : 0u);
        gathered += taken;
        left -= taken;
        if (gathered == 15) {
          put(static_cast<std::uint16_t>(0x8000u | bits));
          bits = 0;
          gathered = 0;
        }
      }
    }
    // What lies behind the range says nothing.
    if (gathered > 0) put(static_cast<std::uint16_t>(0x8000u | bits << (15 - gathered)));
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_RUN_LENGTHS_H_
