#include "describe.h"
#include "mediacore/stun/attributes.h"
#include "mediacore/stun/channel_data.h"
#include "mediacore/stun/integrity.h"
#include "mediacore/stun/message_view.h"

namespace mediacore::tools {
namespace {

using stun::AttributeType;

// ---- values by their shape

template <typename V>
concept WithEndpoint = requires(const V& v) {
  v.endpoint.port;
};
template <typename V>
concept WithValue = requires(const V& v) {
  v.value;
};
template <typename V>
concept WithNumbers = requires(const V& v) {
  v.numbers;
};
template <typename V>
concept WithFamily = requires(const V& v) {
  v.family;
};

constexpr bool IsText(AttributeType type) {
  return type == AttributeType::kUsername || type == AttributeType::kRealm || type == AttributeType::kNonce ||
         type == AttributeType::kSoftware || type == AttributeType::kAlternateDomain;
}

template <WithEndpoint V>
void Describe(const V& value, Fields& fields) {
  fields.Address("address", value.endpoint.address);
  fields("port", value.endpoint.port);
}
template <WithValue V>
void Describe(const V& value, Fields& fields) {
  if constexpr (IsText(V::kType)) {
    fields.Words("text", value.value);
  } else if constexpr (std::is_same_v<decltype(value.value), TimeDelta>) {
    fields("seconds", value.value.us() / 1'000'000);
  } else if constexpr (std::is_same_v<decltype(value.value), std::uint64_t>) {
    fields.Wide("value", value.value);
  } else if constexpr (std::is_integral_v<decltype(value.value)>) {
    fields("value", value.value);
  } else {
    fields("bytes", Bytes(value.value));
  }
}
template <WithNumbers V>
void Describe(const V& value, Fields& fields) {
  fields.BeginList("numbers");
  for (std::size_t i = 0; i < value.size(); ++i) fields("", static_cast<std::uint16_t>(value[i]));
  fields.End();
}
void Describe(const stun::ErrorCode& error, Fields& fields) {
  fields("code", error.code);
  fields.Words("reason", error.reason);
}
template <WithFamily V>
void Describe(const V& value, Fields& fields) {
  fields("family", value.family);
  if constexpr (std::is_same_v<V, stun::AddressErrorCode>) Describe(value.error, fields);
}
void Describe(const stun::UseCandidate&, Fields&) {}
void Describe(const stun::DontFragment&, Fields&) {}
void Describe(const stun::ChannelNumber& value, Fields& fields) { fields("channel", value.channel); }
void Describe(const stun::EvenPort& value, Fields& fields) { fields("reserve_next", value.reserve_next); }
void Describe(const stun::RequestedTransport& value, Fields& fields) { fields("protocol", value.protocol); }
void Describe(const stun::Icmp& value, Fields& fields) {
  fields("icmp_type", value.type);
  fields("icmp_code", value.code);
  fields("error_data", value.error_data);
}
void Describe(const stun::GoogNetworkInfo& value, Fields& fields) {
  fields("network_id", value.network_id);
  fields("network_cost", value.network_cost);
}
void Describe(const stun::ChangeRequest& value, Fields& fields) {
  fields("change_ip", value.change_ip);
  fields("change_port", value.change_port);
}
void Describe(const stun::ResponsePort& value, Fields& fields) { fields("port", value.port); }
void Describe(const stun::TransactionTransmitCounter& value, Fields& fields) {
  fields("request", value.request);
  fields("response", value.response);
}
void Describe(const stun::PasswordAlgorithm& value, Fields& fields) {
  fields("algorithm", static_cast<std::uint16_t>(value.algorithm));
  fields("algorithm_name", value.algorithm);
  if (!value.parameters.empty()) fields("parameters", value.parameters);
}
void Describe(const stun::PasswordAlgorithms& value, Fields& fields) {
  fields.BeginList("algorithms");
  value.ForEach([&](const stun::PasswordAlgorithm& algorithm) {
    fields.BeginObject("");
    Describe(algorithm, fields);
    fields.End();
  });
  fields.End();
}

template <typename V>
void Read(const stun::MessageView& message, const stun::Attribute& attribute, Fields& fields) {
  V value;
  if (stun::ReadAttribute(message, attribute, value)) {
    Describe(value, fields);
  } else {
    fields("error", "not a value of this attribute");
    fields("bytes", attribute.value);
  }
}

// The first of `Vs` that is of the attribute's type; false when none is.
template <typename... Vs>
bool ReadOneOf(const stun::MessageView& message, const stun::Attribute& attribute, Fields& fields) {
  return ((attribute.type == Vs::kType && (Read<Vs>(message, attribute, fields), true)) || ...);
}

void DescribeAttribute(const stun::MessageView& message, const stun::Attribute& attribute, Fields& fields) {
  fields("type", static_cast<std::uint16_t>(attribute.type));
  const std::string_view name = stun::ToString(attribute.type);
  fields("name", name.empty() ? std::string_view("unknown") : name);
  fields("size", attribute.value.size());
  using namespace stun;
  if (!ReadOneOf<MappedAddress, XorMappedAddress, AlternateServer, Username, Userhash, Realm, Nonce, Software,
                 AlternateDomain, UnknownAttributes, stun::PasswordAlgorithm, PasswordAlgorithms, ErrorCode,
                 XorPeerAddress, XorRelayedAddress, Lifetime, stun::Data, RequestedAddressFamily,
                 AdditionalAddressFamily, DontFragment, ReservationToken, ChannelNumber, EvenPort, RequestedTransport,
                 AddressErrorCode, Icmp, ConnectionId, AccessToken, ThirdPartyAuthorization, MobilityTicket, Priority,
                 UseCandidate, IceControlled, IceControlling, Nomination, GoogLastIceCheckReceived, GoogMiscInfo,
                 GoogDelta, GoogDeltaAck, MetaDtlsInStun, MetaDtlsInStunAck, GoogNetworkInfo, ResponseOrigin,
                 OtherAddress, Padding, CacheTimeout, ChangeRequest, ResponsePort, TransactionTransmitCounter>(
          message, attribute, fields)) {
    fields("bytes", attribute.value);
  }
}

// The attribute that runs past the end.
std::size_t FindTruncated(Bytes message) {
  std::size_t at = stun::kHeaderSize;
  while (at + 4 <= message.size()) {
    const std::size_t next = at + 4 + stun::PaddedSize(LoadU16(message.data() + at + 2));
    if (next > message.size()) break;
    at = next;
  }
  return at;
}

}  // namespace

Verdict DescribeStun(Bytes datagram, Fields& fields) {
  const auto message = stun::MessageView::Parse(datagram);
  if (!message) {
    const bool inside = message.error() == stun::MessageError::kAttributeTruncated;
    return {ToString(message.error()), inside ? FindTruncated(datagram) : 0};
  }
  fields("class", message->message_class());
  fields("method", static_cast<std::uint16_t>(message->method()));
  const std::string_view name = stun::ToString(message->method());
  if (!name.empty()) fields("method_name", name);
  const stun::TransactionId id = message->transaction_id();
  fields("transaction_id", Bytes(id.bytes));
  fields.BeginList("attributes");
  stun::AttributeReader reader = message->reader();
  for (stun::Attribute attribute; reader.Next(attribute);) {
    fields.BeginObject("");
    DescribeAttribute(*message, attribute, fields);
    fields.End();
  }
  fields.End();
  fields("fingerprint", stun::VerifyFingerprint(*message));
  return {};
}

Verdict DescribeChannelData(Bytes datagram, Fields& fields) {
  const auto message = stun::ChannelDataView::Parse(datagram);
  if (!message) return {ToString(message.error()), 0};
  fields("channel", message->channel());
  fields("data", message->data());
  return {};
}

}  // namespace mediacore::tools
