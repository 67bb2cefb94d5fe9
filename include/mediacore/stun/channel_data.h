#ifndef MEDIACORE_STUN_CHANNEL_DATA_H_
#define MEDIACORE_STUN_CHANNEL_DATA_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::stun {

// The channels that a client may bind (RFC 8656, section 12).
inline constexpr std::uint16_t kMinChannel = 0x4000;
inline constexpr std::uint16_t kMaxChannel = 0x4fff;
constexpr bool IsChannelNumber(std::uint16_t number) { return number >= kMinChannel && number <= kMaxChannel; }

// Why bytes are not a ChannelData message, in the order the parser looks.
enum class ChannelDataError : std::uint8_t {
  kTooShort,       // fewer than the 4 bytes of the header
  kBadChannel,     // not from 0x4000 to 0x4fff
  kTruncated,      // the length field, or on a stream the padding, runs past the end
  kTrailingBytes,  // more behind the data than padding can be
};
inline constexpr int kChannelDataErrorCount = 4;

constexpr std::string_view ToString(ChannelDataError error) {
  switch (error) {
    case ChannelDataError::kTooShort: return "channel data: too short";
    case ChannelDataError::kBadChannel: return "channel data: bad channel";
    case ChannelDataError::kTruncated: return "channel data: truncated";
    case ChannelDataError::kTrailingBytes: return "channel data: trailing bytes";
  }
  return "channel data: unknown";
}

// Data of a peer behind a TURN server, with the number of its channel instead of
// its address (RFC 8656, section 12.4).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |         Channel Number        |            Length             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                       Application Data                        :
//
//   const auto data = stun::ChannelDataView::Parse(datagram);
//   if (data) Handle(PeerOf(data->channel()), data->data());
//
// The length does not count padding: none is needed in a datagram, where at most
// 3 bytes are taken, and on a stream the message is padded to a multiple of 4.
// Borrows the bytes.
class ChannelDataView {
 public:
  static constexpr std::size_t kHeaderSize = 4;

  // The message is the whole datagram.
  static constexpr Expected<ChannelDataView, ChannelDataError> Parse(Bytes datagram) noexcept {
    std::size_t size = 0;
    ChannelDataError error{};
    if (!Check(datagram, size, error)) return error;
    if (datagram.size() - kHeaderSize - size > 3) return ChannelDataError::kTrailingBytes;
    return ChannelDataView(datagram.first(kHeaderSize + size));
  }
  // Takes one message and its padding off the front of a stream (TCP, TLS). On
  // error `reader` is unchanged; kTooShort and kTruncated ask for more bytes.
  static constexpr Expected<ChannelDataView, ChannelDataError> TakeFrom(ByteReader& reader) noexcept {
    const Bytes rest = reader.rest();
    std::size_t size = 0;
    ChannelDataError error{};
    if (!Check(rest, size, error)) return error;
    if (!reader.Skip((kHeaderSize + size + 3) & ~std::size_t{3})) return ChannelDataError::kTruncated;
    return ChannelDataView(rest.first(kHeaderSize + size));
  }

  constexpr std::uint16_t channel() const { return LoadU16(bytes_.data()); }
  constexpr Bytes data() const { return bytes_.subspan(kHeaderSize); }

 private:
  constexpr explicit ChannelDataView(Bytes bytes) : bytes_(bytes) {}

  // Of the header, and that the data is there.
  static constexpr bool Check(Bytes bytes, std::size_t& size, ChannelDataError& error) noexcept {
    const auto fail = [&error](ChannelDataError cause) {
      error = cause;
      return false;
    };
    if (bytes.size() < kHeaderSize) return fail(ChannelDataError::kTooShort);
    if (!IsChannelNumber(LoadU16(bytes.data()))) return fail(ChannelDataError::kBadChannel);
    size = LoadU16(bytes.data() + 2);
    return size <= bytes.size() - kHeaderSize || fail(ChannelDataError::kTruncated);
  }

  Bytes bytes_;  // header and data
};

// Writes a ChannelData message; `data` has to live until Write(), and may already
// be in place behind the header.
struct ChannelDataWriter {
  std::uint16_t channel = kMinChannel;  // 0x4000 to 0x4fff
  Bytes data;                           // at most 65535 bytes
  bool padded = false;                  // on a stream: up to a multiple of 4

  // 0 when a limit above is passed.
  constexpr std::size_t WireSize() const {
    if (!IsChannelNumber(channel) || data.size() > 0xffff) return 0;
    const std::size_t size = ChannelDataView::kHeaderSize + data.size();
    return padded ? (size + 3) & ~std::size_t{3} : size;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    writer.WriteU16(channel);
    writer.WriteU16(static_cast<std::uint16_t>(data.size()));
    writer.WriteBytes(data);
    writer.Fill(writer.room(), 0);
    return writer.ok();
  }
};

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_CHANNEL_DATA_H_
