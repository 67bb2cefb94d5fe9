#ifndef MEDIACORE_CODEC_TELEPHONE_EVENT_H_
#define MEDIACORE_CODEC_TELEPHONE_EVENT_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes are no report of telephone events, in the order the parser looks.
enum class TelephoneEventError : std::uint8_t {
  kEmpty,      // not even one report
  kTruncated,  // the size is not that of a whole number of reports
};

constexpr std::string_view ToString(TelephoneEventError error) {
  switch (error) {
    case TelephoneEventError::kEmpty: return "telephone event: empty";
    case TelephoneEventError::kTruncated: return "telephone event: truncated";
  }
  return "telephone event: unknown";
}

// How far an event has come (RFC 4733, section 2.3):
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     event     |E|R|  volume   |           duration            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct TelephoneEvent {
  static constexpr std::size_t kWireSize = 4;
  // An event that lasts longer goes on in another segment, so much later.
  static constexpr std::uint16_t kMaxDuration = 0xffff;

  std::uint8_t event = 0;      // 0 to 15: DTMF; see DtmfDigit()
  bool end = false;            // E: this is how long it was
  bool reserved = false;       // R: to be ignored
  std::uint8_t volume = 0;     // of DTMF, in dB below 0 dBm0; 0 to 63
  std::uint16_t duration = 0;  // ticks since the packet's timestamp; 0: a state, for ever

  [[nodiscard]] static constexpr bool TakeFrom(ByteReader& reader, TelephoneEvent& out) {
    Bytes bytes;
    if (!reader.ReadBytes(kWireSize, bytes)) return false;
    out.event = bytes[0];
    out.end = (bytes[1] & 0x80) != 0;
    out.reserved = (bytes[1] & 0x40) != 0;
    out.volume = bytes[1] & 0x3f;
    out.duration = LoadU16(bytes.data() + 2);
    return true;
  }
  // The low six bits of volume.
  constexpr void AppendTo(ByteWriter& writer) const {
    writer.WriteU8(event);
    writer.WriteU8(static_cast<std::uint8_t>((end ? 0x80 : 0) | (reserved ? 0x40 : 0) | (volume & 0x3f)));
    writer.WriteU16(duration);
  }
  constexpr bool operator==(const TelephoneEvent&) const = default;
};

// '0' to '9', '*', '#', 'A' to 'D' (RFC 4733, table 3); 0 for what is no key.
constexpr char DtmfDigit(std::uint8_t event) {
  constexpr std::string_view kKeys = "0123456789*#ABCD";
  return event < kKeys.size() ? kKeys[event] : '\0';
}

// One payload, seen in place: an event, or several that follow one another without
// a gap, each beginning where the one before it ends (section 2.5.1.5).
class TelephoneEventView {
 public:
  static constexpr Expected<TelephoneEventView, TelephoneEventError> Parse(Bytes payload) {
    if (payload.empty()) return TelephoneEventError::kEmpty;
    if (payload.size() % TelephoneEvent::kWireSize != 0) return TelephoneEventError::kTruncated;
    return TelephoneEventView(payload);
  }

  constexpr std::size_t size() const { return payload_.size() / TelephoneEvent::kWireSize; }
  // `i` below size().
  constexpr TelephoneEvent operator[](std::size_t i) const {
    ByteReader reader(payload_.subspan(i * TelephoneEvent::kWireSize));
    TelephoneEvent event;
    (void)TelephoneEvent::TakeFrom(reader, event);
    return event;
  }

 private:
  constexpr explicit TelephoneEventView(Bytes payload) : payload_(payload) {}
  Bytes payload_;
};

struct TelephoneEventWriter {
  std::span<const TelephoneEvent> events;

  constexpr std::size_t WireSize() const { return events.size() * TelephoneEvent::kWireSize; }
  // False when `out` is smaller than WireSize().
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    for (const TelephoneEvent& event : events) event.AppendTo(writer);
    return writer.ok();
  }
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_TELEPHONE_EVENT_H_
