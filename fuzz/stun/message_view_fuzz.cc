#include "mediacore/stun/message_view.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"
#include "mediacore/stun/message_writer.h"

namespace {
using namespace mediacore;
using namespace mediacore::stun;

std::vector<Attribute> AttributesOf(const MessageView& message) {
  std::vector<Attribute> out;
  AttributeReader reader = message.reader();
  for (Attribute attribute; reader.Next(attribute);) out.push_back(attribute);
  return out;
}
bool IsTag(AttributeType type) {
  return type == AttributeType::kMessageIntegrity || type == AttributeType::kMessageIntegritySha256 ||
         type == AttributeType::kFingerprint || type == AttributeType::kGoogMessageIntegrity32;
}
}  // namespace

// A message is all of the datagram, its attributes all of the message; a stream
// gives the same one; what is written of it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes datagram(data, size);
  ByteReader stream(datagram);
  const auto message = MessageView::Parse(datagram);
  const auto taken = MessageView::TakeFrom(stream);
  if (!message) {
    FUZZ_CHECK(static_cast<int>(message.error()) < kMessageErrorCount && ToString(message.error()) != "stun: unknown");
    if (!taken) {
      FUZZ_CHECK(stream.remaining() == size);
      FUZZ_CHECK(taken.error() == message.error() || message.error() == MessageError::kTrailingBytes);
    } else {
      FUZZ_CHECK(message.error() == MessageError::kTrailingBytes && !stream.empty());
    }
    return 0;
  }
  FUZZ_CHECK(taken && stream.empty() && taken->bytes().data() == data);
  FUZZ_CHECK(message->size() == size && size % 4 == 0 && size == kHeaderSize + LoadU16(data + 2));
  FUZZ_CHECK(MessageType(message->message_class(), message->method()) == LoadU16(data));
  FUZZ_CHECK(!MessageView::Parse(datagram.first(size - 1)));
  FUZZ_CHECK(ToString(message->message_class()) != "unknown" && ToString(message->method()) != "unknown");

  // Nothing but attributes, end to end.
  std::size_t at = kHeaderSize, all = 0;
  for (; at < size; ++all) at += 4 + PaddedSize(LoadU16(data + at + 2));
  FUZZ_CHECK(at == size);
  const auto attributes = AttributesOf(*message);
  FUZZ_CHECK(attributes.size() <= all);
  const bool tags = std::ranges::any_of(attributes, [](const Attribute& a) { return IsTag(a.type); });
  FUZZ_CHECK(tags || attributes.size() == all);

  std::vector<std::uint8_t> out(size);
  MessageWriter writer(out, message->message_class(), message->method(), message->transaction_id());
  for (const Attribute& attribute : attributes) {
    if (!IsTag(attribute.type)) writer.Add(attribute.type, attribute.value);
  }
  FUZZ_CHECK(writer.ok());
  const auto again = MessageView::Parse(writer.message());
  FUZZ_CHECK(again && again->type() == message->type() && again->transaction_id() == message->transaction_id());
  const auto same = AttributesOf(*again);
  std::size_t i = 0;
  for (const Attribute& attribute : attributes) {
    if (IsTag(attribute.type)) continue;
    FUZZ_CHECK(i < same.size() && same[i].type == attribute.type);
    FUZZ_CHECK(std::ranges::equal(same[i++].value, attribute.value));
  }
  FUZZ_CHECK(i == same.size());

  std::array<AttributeType, 8> unknown{};
  const std::size_t count = FindUnknownRequired(*message, IsTag, unknown);
  FUZZ_CHECK(count <= unknown.size() && count <= attributes.size());
  for (std::size_t k = 0; k < count; ++k) {
    FUZZ_CHECK(IsComprehensionRequired(unknown[k]) && !IsTag(unknown[k]) && message->Has(unknown[k]));
    FUZZ_CHECK(std::find(unknown.begin(), unknown.begin() + static_cast<std::ptrdiff_t>(k), unknown[k]) ==
               unknown.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return 0;
}
