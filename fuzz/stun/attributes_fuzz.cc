#include "mediacore/stun/attributes.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/stun/message_writer.h"

namespace {
using namespace mediacore;
using namespace mediacore::stun;

// One attribute in a message of its own.
template <typename Value>
std::vector<std::uint8_t> Written(const Value& value) {
  std::vector<std::uint8_t> out(kHeaderSize + value.WireSize());
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, {});
  writer.Add(value);
  FUZZ_CHECK(writer.ok() && writer.message().size() == out.size());
  return out;
}

// What reads can be written, and reads the same: written again, the bytes are the
// same ones.
template <typename Value>
bool ReadsAndWrites(const MessageView& message, Value& value) {
  if (!ReadAttribute(message, value)) return false;
  const auto once = Written(value);
  const auto again = MessageView::Parse(once);
  Value same;
  FUZZ_CHECK(again && ReadAttribute(*again, same));
  FUZZ_CHECK(Written(same) == once);
  return true;
}
template <typename... Values>
int CountReadable(const MessageView& message, Values... values) {
  return (0 + ... + (ReadsAndWrites(message, values) ? 1 : 0));
}
}  // namespace

// A type of attribute, then its value. It is at most one thing, and what the text
// of the RFC says of it holds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 0xfff8) return 0;
  const auto type = static_cast<AttributeType>(LoadU16(data));
  const Bytes value(data + 2, size - 2);
  std::vector<std::uint8_t> out(kHeaderSize + 4 + PaddedSize(value.size()));
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, {});
  writer.Add(type, value);
  if (!writer.ok()) return 0;  // one of the tags
  const auto message = MessageView::Parse(writer.message());
  FUZZ_CHECK(message.has_value());

  const int readable = CountReadable(
      *message, MappedAddress{}, XorMappedAddress{}, AlternateServer{}, Username{}, Userhash{}, Realm{}, Software{},
      AlternateDomain{}, PasswordAlgorithm{}, XorPeerAddress{}, XorRelayedAddress{}, Lifetime{}, Data{},
      RequestedAddressFamily{}, AdditionalAddressFamily{}, DontFragment{}, ReservationToken{}, ChannelNumber{},
      EvenPort{}, RequestedTransport{}, Icmp{}, ConnectionId{}, AccessToken{}, ThirdPartyAuthorization{},
      MobilityTicket{}, Priority{}, UseCandidate{}, IceControlled{}, IceControlling{}, Nomination{},
      GoogLastIceCheckReceived{}, GoogDelta{}, GoogDeltaAck{}, MetaDtlsInStun{}, MetaDtlsInStunAck{},
      GoogNetworkInfo{}, ResponseOrigin{}, OtherAddress{}, Padding{}, CacheTimeout{}, ChangeRequest{}, ResponsePort{},
      TransactionTransmitCounter{});
  FUZZ_CHECK(readable <= 1);
  if (const auto priority = Priority::Parse(value); !priority) {
    FUZZ_CHECK(ToString(priority.error()) != ToString(AttributeError::kBadValue));
  }

  if (ErrorCode error; ReadsAndWrites(*message, error)) {
    FUZZ_CHECK(error.code / 100 == (value[2] & 7) && error.code % 100 == value[3]);
    static_cast<void>(ErrorReason(error.code));
  }
  if (AddressErrorCode error; ReadsAndWrites(*message, error)) {
    FUZZ_CHECK(static_cast<std::uint8_t>(error.family) == value[0] && error.error.code % 100 == value[3]);
  }
  if (Nonce nonce; ReadsAndWrites(*message, nonce)) {
    std::uint32_t features = 0;
    if (ReadSecurityFeatures(nonce.value, features)) {
      const auto prefix = NoncePrefix(features);
      for (std::size_t i = 0; i < prefix.size(); ++i) FUZZ_CHECK(static_cast<std::uint8_t>(prefix[i]) == value[i]);
    }
  }
  if (UnknownAttributes list; ReadAttribute(*message, list)) {
    std::vector<AttributeType> types;
    for (std::size_t i = 0; i < list.size(); ++i) types.push_back(list[i]);
    FUZZ_CHECK(Written(UnknownAttributesWriter{types}) == out);
  }
  if (GoogMiscInfo list; ReadAttribute(*message, list)) {
    std::vector<std::uint16_t> numbers;
    for (std::size_t i = 0; i < list.size(); ++i) numbers.push_back(list[i]);
    FUZZ_CHECK(Written(GoogMiscInfoWriter{numbers}) == out);
  }
  if (PasswordAlgorithms row; ReadsAndWrites(*message, row)) {
    std::vector<PasswordAlgorithm> algorithms;
    row.ForEach([&](const PasswordAlgorithm& algorithm) { algorithms.push_back(algorithm); });
    FUZZ_CHECK(algorithms.size() <= value.size() / 4);
    const PasswordAlgorithmsWriter together{algorithms};
    if (together.WireSize() == 0) return 0;  // the padding of the last was left out, and there is no room for it
    const auto written = Written(together);
    FUZZ_CHECK(written.size() == out.size());
    for (std::size_t i = 0; i < algorithms.size(); ++i) {
      FUZZ_CHECK(ToString(algorithms[i].algorithm).empty() == (static_cast<unsigned>(algorithms[i].algorithm) - 1 > 1));
      const auto one = Written(algorithms[i]);
      PasswordAlgorithm same;
      FUZZ_CHECK(ReadAttribute(*MessageView::Parse(one), same) && same.algorithm == algorithms[i].algorithm);
      FUZZ_CHECK(std::ranges::equal(same.parameters, algorithms[i].parameters));
      if (i == 8) break;
    }
  }
  return 0;
}
