#ifndef MEDIACORE_RTMP_MESSAGE_H_
#define MEDIACORE_RTMP_MESSAGE_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::rtmp {

// Adobe's RTMP 1.0 (2012), sections 5.4, 7.1 and 7.2. Other numbers may come.
enum class MessageType : std::uint8_t {
  kSetChunkSize = 1,
  kAbort = 2,
  kAcknowledgement = 3,
  kUserControl = 4,
  kWindowAcknowledgementSize = 5,
  kSetPeerBandwidth = 6,
  kAudio = 8,  // the body of an FLV tag, as the next
  kVideo = 9,
  kDataAmf3 = 15,
  kSharedObjectAmf3 = 16,
  kCommandAmf3 = 17,  // a byte 0, then AMF0 all the same, until a value says AMF3
  kDataAmf0 = 18,     // an FLV script tag
  kSharedObjectAmf0 = 19,
  kCommandAmf0 = 20,
  kAggregate = 22,  // FLV tags, with the size behind each
};

constexpr std::string_view ToString(MessageType type) {
  switch (type) {
    case MessageType::kSetChunkSize: return "set chunk size";
    case MessageType::kAbort: return "abort";
    case MessageType::kAcknowledgement: return "acknowledgement";
    case MessageType::kUserControl: return "user control";
    case MessageType::kWindowAcknowledgementSize: return "window acknowledgement size";
    case MessageType::kSetPeerBandwidth: return "set peer bandwidth";
    case MessageType::kAudio: return "audio";
    case MessageType::kVideo: return "video";
    case MessageType::kDataAmf3: return "data, AMF3";
    case MessageType::kSharedObjectAmf3: return "shared object, AMF3";
    case MessageType::kCommandAmf3: return "command, AMF3";
    case MessageType::kDataAmf0: return "data, AMF0";
    case MessageType::kSharedObjectAmf0: return "shared object, AMF0";
    case MessageType::kCommandAmf0: return "command, AMF0";
    case MessageType::kAggregate: return "aggregate";
  }
  return "unknown";
}

// What chunks carry: a message as it is put together from them, or goes into them.
struct Message {
  std::uint32_t chunk_stream_id = 3;  // 2 to 65599; 2 for protocol control
  MessageType type = MessageType::kCommandAmf0;
  std::uint32_t stream_id = 0;  // 0: of the connection
  std::uint32_t timestamp = 0;  // milliseconds; goes round
  Bytes payload = {};
};

inline constexpr std::size_t kMaxMessageSize = 0xffffff;

// Why a payload is no protocol control message, in the order looked at.
enum class ControlError : std::uint8_t {
  kTooShort,      // fewer bytes than its fields
  kBadChunkSize,  // 0, or 2^31 and more
  kBadLimitType,  // of a peer bandwidth; there are three
};

constexpr std::string_view ToString(ControlError error) {
  switch (error) {
    case ControlError::kTooShort: return "rtmp control: too short";
    case ControlError::kBadChunkSize: return "rtmp control: bad chunk size";
    case ControlError::kBadLimitType: return "rtmp control: bad limit type";
  }
  return "rtmp control: unknown";
}

// The protocol control messages (section 5.4): payloads on chunk stream 2 of message
// stream 0. Each is read with Parse(payload), what follows its fields is not looked at,
// and written with Write(), for Message::payload:
//
//   std::array<std::uint8_t, rtmp::SetChunkSize::kWireSize> payload{};
//   rtmp::SetChunkSize{4096}.Write(payload);
//   Send({.chunk_stream_id = 2, .type = rtmp::SetChunkSize::kType, .payload = payload});

namespace internal {

// A message that is one number of 32 bits. Its first field is the number.
template <MessageType kMessageType>
struct NumberMessage {
  static constexpr MessageType kType = kMessageType;
  static constexpr std::size_t kWireSize = 4;

  std::uint32_t value = 0;

  constexpr std::size_t WireSize() const noexcept { return kWireSize; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    if (out.size() < kWireSize) return false;
    StoreU32(out.data(), value);
    return true;
  }
};

}  // namespace internal

// How large the payload of the sender's chunks is from now on. More than kMaxMessageSize
// is taken and means as much.
struct SetChunkSize : internal::NumberMessage<MessageType::kSetChunkSize> {
  static constexpr Expected<SetChunkSize, ControlError> Parse(Bytes payload) noexcept {
    if (payload.size() < kWireSize) return ControlError::kTooShort;
    const std::uint32_t size = LoadU32(payload.data());
    if (size == 0 || size >> 31 != 0) return ControlError::kBadChunkSize;
    return SetChunkSize{{size}};
  }
  constexpr std::uint32_t chunk_size() const {
    return static_cast<std::uint32_t>(value > kMaxMessageSize ? kMaxMessageSize : value);
  }
};

// What has come of the message on that chunk stream is to be forgotten.
struct Abort : internal::NumberMessage<MessageType::kAbort> {
  static constexpr Expected<Abort, ControlError> Parse(Bytes payload) noexcept {
    if (payload.size() < kWireSize) return ControlError::kTooShort;
    return Abort{{LoadU32(payload.data())}};
  }
};

// So many bytes have come so far; goes round.
struct Acknowledgement : internal::NumberMessage<MessageType::kAcknowledgement> {
  static constexpr Expected<Acknowledgement, ControlError> Parse(Bytes payload) noexcept {
    if (payload.size() < kWireSize) return ControlError::kTooShort;
    return Acknowledgement{{LoadU32(payload.data())}};
  }
};

// After so many bytes the peer is to acknowledge.
struct WindowAcknowledgementSize : internal::NumberMessage<MessageType::kWindowAcknowledgementSize> {
  static constexpr Expected<WindowAcknowledgementSize, ControlError> Parse(Bytes payload) noexcept {
    if (payload.size() < kWireSize) return ControlError::kTooShort;
    return WindowAcknowledgementSize{{LoadU32(payload.data())}};
  }
};

// The peer is to have no more bytes on their way than these.
struct SetPeerBandwidth {
  enum class Limit : std::uint8_t { kHard = 0, kSoft = 1, kDynamic = 2 };
  static constexpr MessageType kType = MessageType::kSetPeerBandwidth;
  static constexpr std::size_t kWireSize = 5;

  std::uint32_t value = 0;
  Limit limit = Limit::kDynamic;

  static constexpr Expected<SetPeerBandwidth, ControlError> Parse(Bytes payload) noexcept {
    if (payload.size() < kWireSize) return ControlError::kTooShort;
    if (payload[4] > 2) return ControlError::kBadLimitType;
    return SetPeerBandwidth{LoadU32(payload.data()), static_cast<Limit>(payload[4])};
  }
  constexpr std::size_t WireSize() const noexcept { return kWireSize; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    if (out.size() < kWireSize) return false;
    StoreU32(out.data(), value);
    out[4] = static_cast<std::uint8_t>(limit);
    return true;
  }
};

// Section 7.1.7, and what servers and clients use beside it. Others may come.
struct UserControl {
  enum class Event : std::uint16_t {
    kStreamBegin = 0,  // value: the stream; also of the next four
    kStreamEof = 1,
    kStreamDry = 2,
    kSetBufferLength = 3,  // and the length in ms
    kStreamIsRecorded = 4,
    kPingRequest = 6,  // value: a time, which the answer repeats
    kPingResponse = 7,
    kSwfVerificationRequest = 26,  // no value
    kSwfVerificationResponse = 27,
    kBufferEmpty = 31,
    kBufferReady = 32,
  };
  static constexpr MessageType kType = MessageType::kUserControl;

  Event event = Event::kStreamBegin;
  Bytes data = {};  // all behind the event

  static constexpr Expected<UserControl, ControlError> Parse(Bytes payload) noexcept {
    if (payload.size() < 2) return ControlError::kTooShort;
    const UserControl control{static_cast<Event>(LoadU16(payload.data())), payload.subspan(2)};
    if (control.data.size() < FieldSize(control.event)) return ControlError::kTooShort;
    return control;
  }
  // 0 where the event has none, or its data were not read.
  constexpr std::uint32_t value() const { return data.size() >= 4 ? LoadU32(data.data()) : 0; }
  constexpr std::uint32_t buffer_ms() const { return data.size() >= 8 ? LoadU32(data.data() + 4) : 0; }

  // The data of an event with a value, or two, in the caller's bytes.
  static constexpr UserControl Make(Event event, std::uint32_t value, std::uint32_t buffer_ms,
                                    std::span<std::uint8_t, 8> data) noexcept {
    StoreU32(data.data(), value);
    StoreU32(data.data() + 4, buffer_ms);
    return {event, Bytes(data).first(FieldSize(event))};
  }
  constexpr std::size_t WireSize() const noexcept { return 2 + data.size(); }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    ByteWriter writer(out);
    if (out.size() < WireSize()) return false;
    writer.WriteU16(static_cast<std::uint16_t>(event));
    writer.WriteBytes(data);
    return true;
  }
  // Bytes that an event has at least.
  static constexpr std::size_t FieldSize(Event event) {
    switch (event) {
      case Event::kSetBufferLength: return 8;
      case Event::kStreamBegin:
      case Event::kStreamEof:
      case Event::kStreamDry:
      case Event::kStreamIsRecorded:
      case Event::kPingRequest:
      case Event::kPingResponse:
      case Event::kBufferEmpty:
      case Event::kBufferReady: return 4;
      default: return 0;
    }
  }
};

constexpr std::string_view ToString(UserControl::Event event) {
  switch (event) {
    case UserControl::Event::kStreamBegin: return "stream begin";
    case UserControl::Event::kStreamEof: return "stream EOF";
    case UserControl::Event::kStreamDry: return "stream dry";
    case UserControl::Event::kSetBufferLength: return "set buffer length";
    case UserControl::Event::kStreamIsRecorded: return "stream is recorded";
    case UserControl::Event::kPingRequest: return "ping request";
    case UserControl::Event::kPingResponse: return "ping response";
    case UserControl::Event::kSwfVerificationRequest: return "SWF verification request";
    case UserControl::Event::kSwfVerificationResponse: return "SWF verification response";
    case UserControl::Event::kBufferEmpty: return "buffer empty";
    case UserControl::Event::kBufferReady: return "buffer ready";
  }
  return "unknown";
}

}  // namespace mediacore::rtmp

#endif  // MEDIACORE_RTMP_MESSAGE_H_
