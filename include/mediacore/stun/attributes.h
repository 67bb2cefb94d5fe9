#ifndef MEDIACORE_STUN_ATTRIBUTES_H_
#define MEDIACORE_STUN_ATTRIBUTES_H_

#include "mediacore/base/base64.h"
#include "mediacore/base/time.h"
#include "mediacore/stun/address.h"
#include "mediacore/stun/channel_data.h"
#include "mediacore/stun/message_view.h"

namespace mediacore::stun {

// Why bytes are not the value of an attribute, in the order the parsers look.
enum class AttributeError : std::uint8_t {
  kWrongSize,  // not a size that this attribute has
  kBadValue,   // a field has a value that the specification does not allow
};
inline constexpr int kAttributeErrorCount = 2;

constexpr std::string_view ToString(AttributeError error) {
  switch (error) {
    case AttributeError::kWrongSize: return "stun attribute: wrong size";
    case AttributeError::kBadValue: return "stun attribute: bad value";
  }
  return "stun attribute: unknown";
}

// A typed value of an attribute has
//
//   static constexpr AttributeType kType                   which one it is
//   static constexpr Expected<Value, AttributeError> Parse(Bytes value)
//                                    also (…, const TransactionId&) of the XOR- addresses
//   constexpr std::size_t WireSize() const                 with its header and padding; 0: cannot be written
//   constexpr void WriteValue(ByteWriter&) const           also (…, const TransactionId&)
//
// MessageWriter::Add() writes one, this reads the first one of a message:
//
//   stun::Username username;
//   if (stun::ReadAttribute(*message, username)) Look(username.value);
//
// False, and `out` as it was, when the message does not have it or its bytes are
// no such value.
template <typename Value>
[[nodiscard]] constexpr bool ReadAttribute(const MessageView& message, Value& out);

// The longest of REALM, NONCE, SOFTWARE and reason phrases that is taken: 127
// characters (RFC 8489, section 14.9).
inline constexpr std::size_t kMaxTextSize = 763;
// Of USERNAME (section 14.3).
inline constexpr std::size_t kMaxUsernameSize = 508;

namespace internal {

inline constexpr std::size_t kMaxValueSize = 0xfff8;  // that a message has room for

constexpr std::size_t AttributeSize(std::size_t value_size) { return 4 + PaddedSize(value_size); }

template <AttributeType kAttribute>
struct AddressValue {
  static constexpr AttributeType kType = kAttribute;
  Endpoint endpoint;

  static constexpr Expected<AddressValue, AttributeError> Parse(Bytes value) {
    if (value.size() != 8 && value.size() != 20) return AttributeError::kWrongSize;
    AddressValue out;
    if (!ReadAddress(value, out.endpoint)) return AttributeError::kBadValue;
    return out;
  }
  constexpr std::size_t WireSize() const { return AttributeSize(AddressValueSize(endpoint)); }
  constexpr void WriteValue(ByteWriter& writer) const { WriteAddress(writer, endpoint); }
  constexpr bool operator==(const AddressValue&) const = default;
};

template <AttributeType kAttribute>
struct XorAddressValue {
  static constexpr AttributeType kType = kAttribute;
  Endpoint endpoint;

  static constexpr Expected<XorAddressValue, AttributeError> Parse(Bytes value, const TransactionId& id) {
    if (value.size() != 8 && value.size() != 20) return AttributeError::kWrongSize;
    XorAddressValue out;
    if (!ReadXorAddress(value, id, out.endpoint)) return AttributeError::kBadValue;
    return out;
  }
  constexpr std::size_t WireSize() const { return AttributeSize(AddressValueSize(endpoint)); }
  constexpr void WriteValue(ByteWriter& writer, const TransactionId& id) const {
    WriteXorAddress(writer, endpoint, id);
  }
  constexpr bool operator==(const XorAddressValue&) const = default;
};

// Text or any bytes, borrowed.
template <AttributeType kAttribute, std::size_t kMin = 0, std::size_t kMax = kMaxValueSize>
struct BytesValue {
  static constexpr AttributeType kType = kAttribute;
  Bytes value;

  static constexpr Expected<BytesValue, AttributeError> Parse(Bytes bytes) {
    if (bytes.size() < kMin || bytes.size() > kMax) return AttributeError::kWrongSize;
    return BytesValue{bytes};
  }
  constexpr std::size_t WireSize() const {
    return value.size() < kMin || value.size() > kMax ? 0 : AttributeSize(value.size());
  }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteBytes(value); }
};

template <AttributeType kAttribute, std::size_t kSize>
struct FixedValue {
  static constexpr AttributeType kType = kAttribute;
  std::array<std::uint8_t, kSize> value{};

  static constexpr Expected<FixedValue, AttributeError> Parse(Bytes bytes) {
    if (bytes.size() != kSize) return AttributeError::kWrongSize;
    FixedValue out;
    std::copy_n(bytes.begin(), kSize, out.value.begin());
    return out;
  }
  constexpr std::size_t WireSize() const { return AttributeSize(kSize); }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteBytes(value); }
  constexpr bool operator==(const FixedValue&) const = default;
};

template <AttributeType kAttribute>
struct U32Value {
  static constexpr AttributeType kType = kAttribute;
  std::uint32_t value = 0;

  static constexpr Expected<U32Value, AttributeError> Parse(Bytes bytes) {
    if (bytes.size() != 4) return AttributeError::kWrongSize;
    return U32Value{LoadU32(bytes.data())};
  }
  constexpr std::size_t WireSize() const { return AttributeSize(4); }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteU32(value); }
  constexpr bool operator==(const U32Value&) const = default;
};

template <AttributeType kAttribute>
struct U64Value {
  static constexpr AttributeType kType = kAttribute;
  std::uint64_t value = 0;

  static constexpr Expected<U64Value, AttributeError> Parse(Bytes bytes) {
    if (bytes.size() != 8) return AttributeError::kWrongSize;
    return U64Value{LoadU64(bytes.data())};
  }
  constexpr std::size_t WireSize() const { return AttributeSize(8); }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteU64(value); }
  constexpr bool operator==(const U64Value&) const = default;
};

// A time in whole seconds, 32 bits.
template <AttributeType kAttribute>
struct SecondsValue {
  static constexpr AttributeType kType = kAttribute;
  TimeDelta value = TimeDelta::Zero();

  static constexpr Expected<SecondsValue, AttributeError> Parse(Bytes bytes) {
    if (bytes.size() != 4) return AttributeError::kWrongSize;
    return SecondsValue{TimeDelta::Seconds(LoadU32(bytes.data()))};
  }
  // 0 for what is no whole number of seconds, or none of 32 bits.
  constexpr std::size_t WireSize() const {
    const std::int64_t seconds = value.us() / 1'000'000;
    const bool fits = seconds >= 0 && seconds <= 0xffffffff && TimeDelta::Seconds(seconds) == value;
    return fits ? AttributeSize(4) : 0;
  }
  constexpr void WriteValue(ByteWriter& writer) const {
    writer.WriteU32(static_cast<std::uint32_t>(value.us() / 1'000'000));
  }
  constexpr bool operator==(const SecondsValue&) const = default;
};

// Says what it says by being there.
template <AttributeType kAttribute>
struct FlagValue {
  static constexpr AttributeType kType = kAttribute;

  static constexpr Expected<FlagValue, AttributeError> Parse(Bytes bytes) {
    if (!bytes.empty()) return AttributeError::kWrongSize;
    return FlagValue{};
  }
  constexpr std::size_t WireSize() const { return AttributeSize(0); }
  constexpr void WriteValue(ByteWriter&) const {}
  constexpr bool operator==(const FlagValue&) const = default;
};

template <AttributeType kAttribute>
struct FamilyValue {
  static constexpr AttributeType kType = kAttribute;
  AddressFamily family = AddressFamily::kIpv4;

  static constexpr Expected<FamilyValue, AttributeError> Parse(Bytes bytes) {
    if (bytes.size() != 4) return AttributeError::kWrongSize;
    if (!IsAddressFamily(bytes[0])) return AttributeError::kBadValue;
    return FamilyValue{static_cast<AddressFamily>(bytes[0])};
  }
  constexpr std::size_t WireSize() const { return AttributeSize(4); }
  constexpr void WriteValue(ByteWriter& writer) const {
    writer.WriteU32(static_cast<std::uint32_t>(family) << 24);
  }
  constexpr bool operator==(const FamilyValue&) const = default;
};

// A list of 16-bit numbers as it lies in the message.
template <AttributeType kAttribute, typename Number>
struct ListValue {
  static constexpr AttributeType kType = kAttribute;
  Bytes numbers;

  static constexpr Expected<ListValue, AttributeError> Parse(Bytes bytes) {
    if (bytes.size() % 2 != 0) return AttributeError::kWrongSize;
    return ListValue{bytes};
  }
  constexpr std::size_t size() const { return numbers.size() / 2; }
  // `i` is below size().
  constexpr Number operator[](std::size_t i) const { return static_cast<Number>(LoadU16(numbers.data() + 2 * i)); }
};
template <AttributeType kAttribute, typename Number>
struct ListWriter {
  static constexpr AttributeType kType = kAttribute;
  std::span<const Number> numbers;

  constexpr std::size_t WireSize() const {
    return numbers.size() > kMaxValueSize / 2 ? 0 : AttributeSize(2 * numbers.size());
  }
  constexpr void WriteValue(ByteWriter& writer) const {
    for (const Number number : numbers) writer.WriteU16(static_cast<std::uint16_t>(number));
  }
};

}  // namespace internal

// ---- RFC 8489 ---------------------------------------------------------------

using MappedAddress = internal::AddressValue<AttributeType::kMappedAddress>;
using XorMappedAddress = internal::XorAddressValue<AttributeType::kXorMappedAddress>;
using AlternateServer = internal::AddressValue<AttributeType::kAlternateServer>;
using Username = internal::BytesValue<AttributeType::kUsername, 0, kMaxUsernameSize>;
using Userhash = internal::FixedValue<AttributeType::kUserhash, 32>;  // MakeUserhash() of integrity.h
using Realm = internal::BytesValue<AttributeType::kRealm, 0, kMaxTextSize>;
using Nonce = internal::BytesValue<AttributeType::kNonce, 0, kMaxTextSize>;
using Software = internal::BytesValue<AttributeType::kSoftware, 0, kMaxTextSize>;
using AlternateDomain = internal::BytesValue<AttributeType::kAlternateDomain, 1, 255>;
using UnknownAttributes = internal::ListValue<AttributeType::kUnknownAttributes, AttributeType>;
using UnknownAttributesWriter = internal::ListWriter<AttributeType::kUnknownAttributes, AttributeType>;

// What a server's nonce says that it can do, so that nobody on the way can take
// it out of the answer (section 9.2): behind "obMatJos2", 24 bits in base64,
// numbered from the right (erratum 6290).
inline constexpr std::uint32_t kFeaturePasswordAlgorithms = 1;
inline constexpr std::uint32_t kFeatureUsernameAnonymity = 2;

namespace internal {
inline constexpr std::string_view kNonceCookie = "obMatJos2";
}
// False, and `features` as it was, for a nonce that does not begin with the cookie.
[[nodiscard]] constexpr bool ReadSecurityFeatures(Bytes nonce, std::uint32_t& features) {
  std::array<char, internal::kNonceCookie.size() + 4> text{};
  if (nonce.size() < text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(nonce[i]);
  const std::string_view all(text.data(), text.size());
  std::array<std::uint8_t, 3> bits{};
  std::size_t size = 0;
  if (!all.starts_with(internal::kNonceCookie)) return false;
  if (!DecodeBase64(all.substr(internal::kNonceCookie.size()), bits, size) || size != bits.size()) return false;
  features = LoadU24(bits.data());
  return true;
}
// The 13 characters that a nonce with these features begins with.
constexpr std::array<char, 13> NoncePrefix(std::uint32_t features) {
  std::array<char, 13> out{};
  std::array<std::uint8_t, 3> bits{};
  StoreU24(bits.data(), features);
  std::copy(internal::kNonceCookie.begin(), internal::kNonceCookie.end(), out.begin());
  std::size_t size = 0;
  static_cast<void>(EncodeBase64(bits, std::span(out).last<4>(), size));
  return out;
}

// How the key of long-term credentials is made from the password (section 18.5).
enum class PasswordAlgorithmId : std::uint16_t { kMd5 = 1, kSha256 = 2 };

constexpr std::string_view ToString(PasswordAlgorithmId algorithm) {
  switch (algorithm) {
    case PasswordAlgorithmId::kMd5: return "MD5";
    case PasswordAlgorithmId::kSha256: return "SHA-256";
  }
  return "";
}

// The one that the client took (section 14.12): its number and parameters, which
// neither of the two has.
struct PasswordAlgorithm {
  static constexpr AttributeType kType = AttributeType::kPasswordAlgorithm;
  PasswordAlgorithmId algorithm = PasswordAlgorithmId::kMd5;
  Bytes parameters;

  static constexpr Expected<PasswordAlgorithm, AttributeError> Parse(Bytes value) {
    PasswordAlgorithm out;
    ByteReader reader(value);
    if (!TakeFrom(reader, out) || !reader.empty()) return AttributeError::kWrongSize;
    return out;
  }
  // One of a row of them; the padding of the last may be left out.
  [[nodiscard]] static constexpr bool TakeFrom(ByteReader& reader, PasswordAlgorithm& out) {
    ByteReader trial = reader;
    std::uint16_t algorithm = 0;
    std::uint16_t size = 0;
    Bytes parameters;
    if (!trial.ReadU16(algorithm) || !trial.ReadU16(size) || !trial.ReadBytes(size, parameters)) return false;
    static_cast<void>(trial.Skip(std::min<std::size_t>(PaddedSize(size) - size, trial.remaining())));
    reader = trial;
    out = {static_cast<PasswordAlgorithmId>(algorithm), parameters};
    return true;
  }
  constexpr std::size_t WireSize() const {
    return parameters.size() > internal::kMaxValueSize - 4 ? 0
                                                           : internal::AttributeSize(4 + PaddedSize(parameters.size()));
  }
  constexpr void WriteValue(ByteWriter& writer) const {
    writer.WriteU16(static_cast<std::uint16_t>(algorithm));
    writer.WriteU16(static_cast<std::uint16_t>(parameters.size()));
    writer.WriteBytes(parameters);
    writer.Fill(PaddedSize(parameters.size()) - parameters.size(), 0);
  }
};

// Those that the server takes, best first (section 14.11).
struct PasswordAlgorithms {
  static constexpr AttributeType kType = AttributeType::kPasswordAlgorithms;
  Bytes value;  // a client sends it back as it is

  static constexpr Expected<PasswordAlgorithms, AttributeError> Parse(Bytes value) {
    ByteReader reader(value);
    for (PasswordAlgorithm algorithm; !reader.empty();) {
      if (!PasswordAlgorithm::TakeFrom(reader, algorithm)) return AttributeError::kWrongSize;
    }
    return PasswordAlgorithms{value};
  }
  template <typename Visit>
  constexpr void ForEach(Visit&& visit) const {
    ByteReader reader(value);
    for (PasswordAlgorithm algorithm; PasswordAlgorithm::TakeFrom(reader, algorithm);) visit(algorithm);
  }
  constexpr std::size_t WireSize() const {
    return value.size() > internal::kMaxValueSize ? 0 : internal::AttributeSize(value.size());
  }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteBytes(value); }
};
struct PasswordAlgorithmsWriter {
  static constexpr AttributeType kType = AttributeType::kPasswordAlgorithms;
  std::span<const PasswordAlgorithm> algorithms;

  constexpr std::size_t WireSize() const {
    std::size_t size = 4;
    for (const PasswordAlgorithm& algorithm : algorithms) {
      const std::size_t one = algorithm.WireSize();
      if (one == 0 || size + one - 4 > internal::kMaxValueSize) return 0;
      size += one - 4;
    }
    return size;
  }
  constexpr void WriteValue(ByteWriter& writer) const {
    for (const PasswordAlgorithm& algorithm : algorithms) algorithm.WriteValue(writer);
  }
};

// What IANA's list calls an error code; the reason phrase that a server may give.
constexpr std::string_view ErrorReason(int code) {
  switch (code) {
    case 300: return "Try Alternate";
    case 400: return "Bad Request";
    case 401: return "Unauthenticated";
    case 403: return "Forbidden";
    case 405: return "Mobility Forbidden";
    case 420: return "Unknown Attribute";
    case 437: return "Allocation Mismatch";
    case 438: return "Stale Nonce";
    case 440: return "Address Family not Supported";
    case 441: return "Wrong Credentials";
    case 442: return "Unsupported Transport Protocol";
    case 443: return "Peer Address Family Mismatch";
    case 446: return "Connection Already Exists";
    case 447: return "Connection Timeout or Failure";
    case 486: return "Allocation Quota Reached";
    case 487: return "Role Conflict";
    case 500: return "Server Error";
    case 508: return "Insufficient Capacity";
    default: return "";
  }
}

// Why there is no success (section 14.8).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |           Reserved, should be 0         |Class|     Number    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :      Reason Phrase (variable)                                 :
struct ErrorCode {
  static constexpr AttributeType kType = AttributeType::kErrorCode;
  int code = 400;  // 300 to 699
  Bytes reason;

  static constexpr Expected<ErrorCode, AttributeError> Parse(Bytes value) {
    if (value.size() < 4 || value.size() > 4 + kMaxTextSize) return AttributeError::kWrongSize;
    const int code = (value[2] & 7) * 100 + value[3];
    if (value[3] > 99 || !IsCode(code)) return AttributeError::kBadValue;
    return ErrorCode{code, value.subspan(4)};
  }
  constexpr std::size_t WireSize() const {
    return IsCode(code) && reason.size() <= kMaxTextSize ? internal::AttributeSize(4 + reason.size()) : 0;
  }
  constexpr void WriteValue(ByteWriter& writer) const { WriteValue(writer, 0); }

 private:
  friend struct AddressErrorCode;
  static constexpr bool IsCode(int code) { return code >= 300 && code <= 699; }
  constexpr void WriteValue(ByteWriter& writer, std::uint16_t first) const {
    writer.WriteU16(first);
    writer.WriteU8(static_cast<std::uint8_t>(code / 100));
    writer.WriteU8(static_cast<std::uint8_t>(code % 100));
    writer.WriteBytes(reason);
  }
};

// ---- RFC 8656 (TURN) ----------------------------------------------------------

using XorPeerAddress = internal::XorAddressValue<AttributeType::kXorPeerAddress>;
using XorRelayedAddress = internal::XorAddressValue<AttributeType::kXorRelayedAddress>;
using Lifetime = internal::SecondsValue<AttributeType::kLifetime>;
using Data = internal::BytesValue<AttributeType::kData>;
using RequestedAddressFamily = internal::FamilyValue<AttributeType::kRequestedAddressFamily>;
using AdditionalAddressFamily = internal::FamilyValue<AttributeType::kAdditionalAddressFamily>;
using DontFragment = internal::FlagValue<AttributeType::kDontFragment>;
using ReservationToken = internal::FixedValue<AttributeType::kReservationToken, 8>;

struct ChannelNumber {
  static constexpr AttributeType kType = AttributeType::kChannelNumber;
  std::uint16_t channel = kMinChannel;  // 0x4000 to 0x4fff

  static constexpr Expected<ChannelNumber, AttributeError> Parse(Bytes value) {
    if (value.size() != 4) return AttributeError::kWrongSize;
    if (!IsChannelNumber(LoadU16(value.data()))) return AttributeError::kBadValue;
    return ChannelNumber{LoadU16(value.data())};
  }
  constexpr std::size_t WireSize() const { return IsChannelNumber(channel) ? internal::AttributeSize(4) : 0; }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteU32(std::uint32_t{channel} << 16); }
  constexpr bool operator==(const ChannelNumber&) const = default;
};

// Asks for a relayed address with an even port, and with R for the next one too.
struct EvenPort {
  static constexpr AttributeType kType = AttributeType::kEvenPort;
  bool reserve_next = false;

  static constexpr Expected<EvenPort, AttributeError> Parse(Bytes value) {
    if (value.size() != 1) return AttributeError::kWrongSize;
    return EvenPort{(value[0] & 0x80) != 0};
  }
  constexpr std::size_t WireSize() const { return internal::AttributeSize(1); }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteU8(reserve_next ? 0x80 : 0); }
  constexpr bool operator==(const EvenPort&) const = default;
};

struct RequestedTransport {
  static constexpr AttributeType kType = AttributeType::kRequestedTransport;
  static constexpr std::uint8_t kTcp = 6;  // RFC 6062
  static constexpr std::uint8_t kUdp = 17;
  std::uint8_t protocol = kUdp;

  static constexpr Expected<RequestedTransport, AttributeError> Parse(Bytes value) {
    if (value.size() != 4) return AttributeError::kWrongSize;
    return RequestedTransport{value[0]};
  }
  constexpr std::size_t WireSize() const { return internal::AttributeSize(4); }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteU32(std::uint32_t{protocol} << 24); }
  constexpr bool operator==(const RequestedTransport&) const = default;
};

// Why there is no address of one family (section 18.12): as ERROR-CODE, with the
// family in the first byte.
struct AddressErrorCode {
  static constexpr AttributeType kType = AttributeType::kAddressErrorCode;
  AddressFamily family = AddressFamily::kIpv4;
  ErrorCode error;

  static constexpr Expected<AddressErrorCode, AttributeError> Parse(Bytes value) {
    const auto error = ErrorCode::Parse(value);
    if (!error) return error.error();
    if (!IsAddressFamily(value[0])) return AttributeError::kBadValue;
    return AddressErrorCode{static_cast<AddressFamily>(value[0]), *error};
  }
  constexpr std::size_t WireSize() const { return error.WireSize(); }
  constexpr void WriteValue(ByteWriter& writer) const {
    error.WriteValue(writer, static_cast<std::uint16_t>(static_cast<unsigned>(family) << 8));
  }
};

// Why a packet did not arrive (section 18.13): type and code of ICMP or ICMPv6.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |           Reserved            |  ICMP Type  |    ICMP Code    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |           Error Data: the MTU of the next link, or 0          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct Icmp {
  static constexpr AttributeType kType = AttributeType::kIcmp;
  std::uint8_t type = 0;   // 0 to 127
  std::uint16_t code = 0;  // 0 to 511
  std::uint32_t error_data = 0;

  static constexpr Expected<Icmp, AttributeError> Parse(Bytes value) {
    if (value.size() != 8) return AttributeError::kWrongSize;
    const std::uint16_t both = LoadU16(value.data() + 2);
    return Icmp{static_cast<std::uint8_t>(both >> 9), static_cast<std::uint16_t>(both & 0x1ff),
                LoadU32(value.data() + 4)};
  }
  constexpr std::size_t WireSize() const { return type < 0x80 && code < 0x200 ? internal::AttributeSize(8) : 0; }
  constexpr void WriteValue(ByteWriter& writer) const {
    writer.WriteU32(static_cast<std::uint32_t>(type << 9 | code));
    writer.WriteU32(error_data);
  }
  constexpr bool operator==(const Icmp&) const = default;
};

// RFC 6062 (TCP), RFC 7635 (OAuth), RFC 8016 (mobility).
using ConnectionId = internal::U32Value<AttributeType::kConnectionId>;
using AccessToken = internal::BytesValue<AttributeType::kAccessToken>;
using ThirdPartyAuthorization = internal::BytesValue<AttributeType::kThirdPartyAuthorization>;
using MobilityTicket = internal::BytesValue<AttributeType::kMobilityTicket>;

// ---- RFC 8445 (ICE) -----------------------------------------------------------

using Priority = internal::U32Value<AttributeType::kPriority>;
using UseCandidate = internal::FlagValue<AttributeType::kUseCandidate>;
// With the tie-breaker.
using IceControlled = internal::U64Value<AttributeType::kIceControlled>;
using IceControlling = internal::U64Value<AttributeType::kIceControlling>;

// What libwebrtc adds.
using Nomination = internal::U32Value<AttributeType::kNomination>;  // draft-thatcher-ice-renomination
using GoogLastIceCheckReceived = internal::FixedValue<AttributeType::kGoogLastIceCheckReceived, TransactionId::kSize>;
using GoogMiscInfo = internal::ListValue<AttributeType::kGoogMiscInfo, std::uint16_t>;
using GoogMiscInfoWriter = internal::ListWriter<AttributeType::kGoogMiscInfo, std::uint16_t>;
using GoogDelta = internal::BytesValue<AttributeType::kGoogDelta>;
using GoogDeltaAck = internal::BytesValue<AttributeType::kGoogDeltaAck>;
using MetaDtlsInStun = internal::BytesValue<AttributeType::kMetaDtlsInStun>;
using MetaDtlsInStunAck = internal::BytesValue<AttributeType::kMetaDtlsInStunAck>;

struct GoogNetworkInfo {
  static constexpr AttributeType kType = AttributeType::kGoogNetworkInfo;
  std::uint16_t network_id = 0;
  std::uint16_t network_cost = 0;  // 0 to 999: the lower the better

  static constexpr Expected<GoogNetworkInfo, AttributeError> Parse(Bytes value) {
    if (value.size() != 4) return AttributeError::kWrongSize;
    return GoogNetworkInfo{LoadU16(value.data()), LoadU16(value.data() + 2)};
  }
  constexpr std::size_t WireSize() const { return internal::AttributeSize(4); }
  constexpr void WriteValue(ByteWriter& writer) const {
    writer.WriteU16(network_id);
    writer.WriteU16(network_cost);
  }
  constexpr bool operator==(const GoogNetworkInfo&) const = default;
};

// ---- RFC 5780 (behaviour of NATs), RFC 7982 (round trips) -----------------------

using ResponseOrigin = internal::AddressValue<AttributeType::kResponseOrigin>;
using OtherAddress = internal::AddressValue<AttributeType::kOtherAddress>;
using Padding = internal::BytesValue<AttributeType::kPadding>;
using CacheTimeout = internal::SecondsValue<AttributeType::kCacheTimeout>;

struct ChangeRequest {
  static constexpr AttributeType kType = AttributeType::kChangeRequest;
  bool change_ip = false;
  bool change_port = false;

  static constexpr Expected<ChangeRequest, AttributeError> Parse(Bytes value) {
    if (value.size() != 4) return AttributeError::kWrongSize;
    return ChangeRequest{(value[3] & 4) != 0, (value[3] & 2) != 0};
  }
  constexpr std::size_t WireSize() const { return internal::AttributeSize(4); }
  constexpr void WriteValue(ByteWriter& writer) const {
    writer.WriteU32((change_ip ? 4u : 0u) | (change_port ? 2u : 0u));
  }
  constexpr bool operator==(const ChangeRequest&) const = default;
};

// A port and two bytes of nothing, which some leave to the padding.
struct ResponsePort {
  static constexpr AttributeType kType = AttributeType::kResponsePort;
  std::uint16_t port = 0;

  static constexpr Expected<ResponsePort, AttributeError> Parse(Bytes value) {
    if (value.size() != 2 && value.size() != 4) return AttributeError::kWrongSize;
    return ResponsePort{LoadU16(value.data())};
  }
  constexpr std::size_t WireSize() const { return internal::AttributeSize(4); }
  constexpr void WriteValue(ByteWriter& writer) const { writer.WriteU32(std::uint32_t{port} << 16); }
  constexpr bool operator==(const ResponsePort&) const = default;
};

// How often the request was sent, and which of them the response answers.
struct TransactionTransmitCounter {
  static constexpr AttributeType kType = AttributeType::kTransactionTransmitCounter;
  std::uint8_t request = 0;
  std::uint8_t response = 0;

  static constexpr Expected<TransactionTransmitCounter, AttributeError> Parse(Bytes value) {
    if (value.size() != 4) return AttributeError::kWrongSize;
    return TransactionTransmitCounter{value[2], value[3]};
  }
  constexpr std::size_t WireSize() const { return internal::AttributeSize(4); }
  constexpr void WriteValue(ByteWriter& writer) const {
    writer.WriteU16(0);
    writer.WriteU8(request);
    writer.WriteU8(response);
  }
  constexpr bool operator==(const TransactionTransmitCounter&) const = default;
};

// -----------------------------------------------------------------------------

// The value of one attribute of `message`, found by a walk.
template <typename Value>
[[nodiscard]] constexpr bool ReadAttribute(const MessageView& message, const Attribute& attribute, Value& out) {
  if (attribute.type != Value::kType) return false;
  const auto value = [&] {
    if constexpr (requires { Value::Parse(attribute.value, TransactionId{}); }) {
      return Value::Parse(attribute.value, message.transaction_id());
    } else {
      return Value::Parse(attribute.value);
    }
  }();
  if (!value) return false;
  out = *value;
  return true;
}

template <typename Value>
[[nodiscard]] constexpr bool ReadAttribute(const MessageView& message, Value& out) {
  Attribute attribute;
  return message.Find(Value::kType, attribute) && ReadAttribute(message, attribute, out);
}

}  // namespace mediacore::stun

#endif  // MEDIACORE_STUN_ATTRIBUTES_H_
