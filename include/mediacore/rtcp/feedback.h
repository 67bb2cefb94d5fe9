#ifndef MEDIACORE_RTCP_FEEDBACK_H_
#define MEDIACORE_RTCP_FEEDBACK_H_

#include <algorithm>
#include <bit>
#include <cassert>
#include <iterator>

#include "mediacore/base/units.h"
#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"

namespace mediacore::rtcp {

// Formats of transport-layer feedback, packet type 205 (RFC 4585, section 6.2,
// and IANA's list of FMT values for RTPFB).
inline constexpr int kFormatNack = 1;
inline constexpr int kFormatTmmbr = 3;               // RFC 5104
inline constexpr int kFormatTmmbn = 4;               // RFC 5104
inline constexpr int kFormatRapidResync = 5;         // RFC 6051
inline constexpr int kFormatRapidAcquisition = 6;    // RFC 6285
inline constexpr int kFormatTransportThirdPartyLoss = 7;  // RFC 6642
inline constexpr int kFormatEcn = 8;                 // RFC 6679
inline constexpr int kFormatPauseResume = 9;         // RFC 7728
inline constexpr int kFormatDelayBudget = 10;        // 3GPP TS 26.114
inline constexpr int kFormatCongestionControl = 11;  // RFC 8888
inline constexpr int kFormatTransportWide = 15;      // draft-holmer-rmcat 01

// Formats of payload-specific feedback, packet type 206.
inline constexpr int kFormatPli = 1;
inline constexpr int kFormatSli = 2;
inline constexpr int kFormatRpsi = 3;
inline constexpr int kFormatFir = 4;               // RFC 5104
inline constexpr int kFormatTstr = 5;              // RFC 5104
inline constexpr int kFormatTstn = 6;              // RFC 5104
inline constexpr int kFormatVbcm = 7;              // RFC 5104
inline constexpr int kFormatPayloadThirdPartyLoss = 8;  // RFC 6642
inline constexpr int kFormatRoi = 9;               // 3GPP TS 26.114
inline constexpr int kFormatLrr = 10;              // RFC 9627
inline constexpr int kFormatApplicationLayer = 15;  // REMB, loss notification

// The name that tools print; empty for a format without one here.
constexpr std::string_view FeedbackName(int packet_type, int format) {
  if (packet_type == kTransportFeedback) {
    switch (format) {
      case kFormatNack: return "NACK";
      case kFormatTmmbr: return "TMMBR";
      case kFormatTmmbn: return "TMMBN";
      case kFormatRapidResync: return "SR-REQ";
      case kFormatRapidAcquisition: return "RAMS";
      case kFormatTransportThirdPartyLoss: return "TLLEI";
      case kFormatEcn: return "ECN";
      case kFormatPauseResume: return "PAUSE-RESUME";
      case kFormatDelayBudget: return "DBI";
      case kFormatCongestionControl: return "CCFB";
      case kFormatTransportWide: return "TWCC";
      default: return "";
    }
  }
  if (packet_type != kPayloadFeedback) return "";
  switch (format) {
    case kFormatPli: return "PLI";
    case kFormatSli: return "SLI";
    case kFormatRpsi: return "RPSI";
    case kFormatFir: return "FIR";
    case kFormatTstr: return "TSTR";
    case kFormatTstn: return "TSTN";
    case kFormatVbcm: return "VBCM";
    case kFormatPayloadThirdPartyLoss: return "PSLEI";
    case kFormatRoi: return "ROI";
    case kFormatLrr: return "LRR";
    case kFormatApplicationLayer: return "AFB";
    default: return "";
  }
}

// Why a block is not the feedback message that it was taken for, in the order
// the parsers look. The simple messages share these causes.
enum class FeedbackError : std::uint8_t {
  kOtherMessage,  // another packet type, format or unique identifier
  kTooShort,      // no room for the two SSRCs, or for what every such message has
  kBadLength,     // what follows is not a whole number of entries, or none
  kBadCount,      // a count promises more than there is
  kBadValue,      // a field has a value that the RFC does not allow
};
inline constexpr int kFeedbackErrorCount = 5;

constexpr std::string_view ToString(FeedbackError error) {
  switch (error) {
    case FeedbackError::kOtherMessage: return "rtcp feedback: other message";
    case FeedbackError::kTooShort: return "rtcp feedback: too short";
    case FeedbackError::kBadLength: return "rtcp feedback: bad length";
    case FeedbackError::kBadCount: return "rtcp feedback: bad count";
    case FeedbackError::kBadValue: return "rtcp feedback: bad value";
  }
  return "rtcp feedback: unknown";
}

// What every feedback message has (RFC 4585, section 6.1): who says it, of
// which source, and the feedback control information (FCI), which the views of
// the messages read.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|   FMT   |    PT 205/206 |             length            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                  SSRC of packet sender                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                  SSRC of media source                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :            Feedback Control Information (FCI)                 :
//
// Borrows the block's bytes; padding is taken off.
class FeedbackView {
 public:
  static constexpr std::size_t kSsrcsSize = 8;

  // Of any format. Causes: kOtherMessage (neither 205 nor 206), kTooShort.
  static constexpr Expected<FeedbackView, FeedbackError> Parse(const BlockView& block) noexcept {
    if (block.packet_type() != kTransportFeedback && block.packet_type() != kPayloadFeedback) {
      return FeedbackError::kOtherMessage;
    }
    if (block.body().size() < kSsrcsSize) return FeedbackError::kTooShort;
    return FeedbackView(block);
  }
  // Of this packet type and format only.
  static constexpr Expected<FeedbackView, FeedbackError> Parse(const BlockView& block, int packet_type,
                                                               int format) noexcept {
    if (block.packet_type() != packet_type || block.count() != format) {
      return FeedbackError::kOtherMessage;
    }
    if (block.body().size() < kSsrcsSize) return FeedbackError::kTooShort;
    return FeedbackView(block);
  }
  // Of application-layer feedback (RFC 4585, section 6.4) with this unique
  // identifier in the first four bytes of its FCI only.
  static constexpr Expected<FeedbackView, FeedbackError> ParseApplicationLayer(
      const BlockView& block, std::uint32_t unique_identifier) noexcept {
    const auto message = Parse(block, kPayloadFeedback, kFormatApplicationLayer);
    if (!message) return message.error();
    const Bytes fci = message->fci();
    if (fci.size() < 4 || LoadU32(fci.data()) != unique_identifier) return FeedbackError::kOtherMessage;
    return *message;
  }

  constexpr int packet_type() const { return block_.packet_type(); }
  constexpr int format() const { return block_.count(); }
  constexpr Ssrc sender_ssrc() const { return Ssrc(LoadU32(block_.body().data())); }
  // 0 in messages that name their sources in the FCI.
  constexpr Ssrc media_ssrc() const { return Ssrc(LoadU32(block_.body().data() + 4)); }
  constexpr Bytes fci() const { return block_.body().subspan(kSsrcsSize); }

 private:
  constexpr explicit FeedbackView(const BlockView& block) : block_(block) {}
  BlockView block_;
};

namespace internal {
// The 12 bytes before the FCI. `size` is that of the whole block, a multiple of 4.
constexpr void WriteFeedbackHeader(ByteWriter& writer, int packet_type, int format, std::size_t size,
                                   Ssrc sender_ssrc, Ssrc media_ssrc) {
  WriteBlockHeader(writer, static_cast<std::size_t>(format), packet_type, size);
  writer.WriteU32(sender_ssrc.value());
  writer.WriteU32(media_ssrc.value());
}
}  // namespace internal

// Writes a feedback message of any format from its FCI; what it borrows has to
// live until Write().
struct FeedbackWriter {
  int packet_type = kTransportFeedback;
  int format = 0;  // 0 to 31
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  Bytes fci;  // a multiple of 4 bytes

  // 0 when a limit above, or 65535 bytes in all, is passed.
  constexpr std::size_t WireSize() const {
    const bool feedback = packet_type == kTransportFeedback || packet_type == kPayloadFeedback;
    if (!feedback || format < 0) return 0;
    return internal::BlockWireSize(static_cast<std::size_t>(format), FeedbackView::kSsrcsSize, fci.size());
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteFeedbackHeader(writer, packet_type, format, size, sender_ssrc, media_ssrc);
    writer.WriteBytes(fci);
    return writer.ok();
  }
};

// A feedback message that says all with its header (PLI): read and written whole.
// Aligned so that g++ 12 moves both SSRCs as one word and not in halves, which
// costs 10 ns of each Parse().
template <int kPacketType, int kFormat>
struct alignas(8) FeedbackSignal {
  static constexpr std::size_t kSize = BlockView::kHeaderSize + FeedbackView::kSsrcsSize;

  Ssrc sender_ssrc;
  Ssrc media_ssrc;

  constexpr bool operator==(const FeedbackSignal&) const = default;

  // Causes: kOtherMessage, kTooShort, kBadLength (there is an FCI).
  static constexpr Expected<FeedbackSignal, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::Parse(block, kPacketType, kFormat);
    if (!message) return message.error();
    if (!message->fci().empty()) return FeedbackError::kBadLength;
    return FeedbackSignal{message->sender_ssrc(), message->media_ssrc()};
  }
  constexpr std::size_t WireSize() const { return kSize; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    return FeedbackWriter{kPacketType, kFormat, sender_ssrc, media_ssrc, {}}.Write(out);
  }
};

// A feedback message whose FCI is a list of entries of one size. An Entry has
//
//   static constexpr std::size_t kSize                       on the wire
//   static constexpr Entry Read(const std::uint8_t* from)    cannot fail
//   constexpr bool IsWritable() const                        each field fits its bits
//   constexpr void Write(std::uint8_t* to) const
//
// and the list at least kLeast of them. Borrows the block's bytes.
template <typename Entry, int kPacketType, int kFormat, std::size_t kLeast = 1>
class FeedbackListView {
 public:
  class Iterator {
   public:
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr explicit Iterator(const std::uint8_t* at) : at_(at) {}
    constexpr Entry operator*() const { return Entry::Read(at_); }
    constexpr Iterator& operator++() {
      at_ += Entry::kSize;
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

  // Causes: kOtherMessage, kTooShort, kBadLength.
  static constexpr Expected<FeedbackListView, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::Parse(block, kPacketType, kFormat);
    if (!message) return message.error();
    const std::size_t size = message->fci().size();
    if (size % Entry::kSize != 0 || size < kLeast * Entry::kSize) return FeedbackError::kBadLength;
    return FeedbackListView(*message);
  }

  constexpr Ssrc sender_ssrc() const { return message_.sender_ssrc(); }
  constexpr Ssrc media_ssrc() const { return message_.media_ssrc(); }
  constexpr std::size_t count() const { return message_.fci().size() / Entry::kSize; }
  // `i` is below count().
  constexpr Entry at(std::size_t i) const {
    assert(i < count());
    return Entry::Read(message_.fci().data() + i * Entry::kSize);
  }
  constexpr Iterator begin() const { return Iterator(message_.fci().data()); }
  constexpr Iterator end() const { return Iterator(message_.fci().data() + message_.fci().size()); }

 private:
  constexpr explicit FeedbackListView(const FeedbackView& message) : message_(message) {}
  FeedbackView message_;
};

// Writes one; what it borrows has to live until Write().
template <typename Entry, int kPacketType, int kFormat, std::size_t kLeast = 1>
struct FeedbackListWriter {
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  std::span<const Entry> entries;

  // 0 when there are too few, one cannot be written, or a datagram cannot hold
  // them all.
  constexpr std::size_t WireSize() const {
    if (entries.size() < kLeast || entries.size() > internal::kMaxSize / Entry::kSize) return 0;
    for (const Entry& entry : entries) {
      if (!entry.IsWritable()) return 0;
    }
    return internal::BlockWireSize(kFormat, FeedbackView::kSsrcsSize, entries.size() * Entry::kSize);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteFeedbackHeader(writer, kPacketType, kFormat, size, sender_ssrc, media_ssrc);
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i].Write(&out[writer.size() + i * Entry::kSize]);
    return writer.ok();
  }
};

namespace internal {
// A rate as TMMBR and REMB carry it: mantissa * 2^exponent, the exponent of 6
// bits. What is too large to count is PlusInfinity(), and written as the largest
// of all; between two, the smaller is written.
struct ScaledRate {
  std::uint32_t exponent = 0;
  std::uint32_t mantissa = 0;

  constexpr DataRate ToRate() const {
    if (mantissa == 0) return DataRate::Zero();
    const int width = static_cast<int>(std::bit_width(mantissa)) + static_cast<int>(exponent);
    if (width < 64) return DataRate::BitsPerSecond(std::int64_t{mantissa} << exponent);
    return DataRate::PlusInfinity();
  }
  // Of a rate that is not negative.
  static constexpr ScaledRate Of(DataRate rate, int mantissa_bits) {
    if (rate == DataRate::PlusInfinity()) return {63, (1u << mantissa_bits) - 1};
    const auto bps = static_cast<std::uint64_t>(rate.bps());
    const int exponent = std::max(0, static_cast<int>(std::bit_width(bps)) - mantissa_bits);
    return {static_cast<std::uint32_t>(exponent), static_cast<std::uint32_t>(bps >> exponent)};
  }
};
}  // namespace internal

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_FEEDBACK_H_
