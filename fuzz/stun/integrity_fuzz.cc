#include "mediacore/stun/integrity.h"

#include <algorithm>
#include <vector>

#include "../../tests/support/toy_hash.h"
#include "../support/input.h"
#include "mediacore/stun/message_writer.h"

namespace {
using namespace mediacore;
using namespace mediacore::stun;
using mediacore::testing::ToyHash;

// The tag by the book: a copy of what lies before it, its length set.
Verdict ByTheBook(const MessageView& message, AttributeType type, std::size_t least, std::size_t full) {
  Attribute tag;
  if (!message.Find(type, tag)) return Verdict::kAbsent;
  const std::size_t size = tag.value.size();
  if (size < least || size > full || size % 4 != 0) return Verdict::kWrongSize;
  std::vector<std::uint8_t> copy(message.bytes().begin(),
                                 message.bytes().begin() + static_cast<std::ptrdiff_t>(tag.offset));
  const std::size_t length = tag.offset - 20 + 4 + size;
  copy[2] = static_cast<std::uint8_t>(length >> 8);
  copy[3] = static_cast<std::uint8_t>(length);
  std::vector<std::uint8_t> digest(full);
  const std::array parts = {Bytes(copy)};
  FUZZ_CHECK(ToyHash{5}(parts, digest));
  return std::equal(tag.value.begin(), tag.value.end(), digest.begin()) ? Verdict::kValid : Verdict::kMismatch;
}
}  // namespace

// The first byte chooses tags; the rest is a message. Its tags are judged as by the
// book; signed anew it is valid, and no longer so when a bit under the tag changes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const unsigned choice = data[0];
  const auto message = MessageView::Parse(Bytes(data + 1, size - 1));
  if (!message) return 0;
  constexpr ToyHash kHmac{5};
  FUZZ_CHECK(VerifyMessageIntegrity(*message, kHmac) == ByTheBook(*message, AttributeType::kMessageIntegrity, 20, 20));
  const std::size_t least = 16 + choice % 5 * 4;
  FUZZ_CHECK(VerifyMessageIntegritySha256(*message, kHmac, least) ==
             ByTheBook(*message, AttributeType::kMessageIntegritySha256, least, 32));
  const auto no_hash = [](std::span<const Bytes>, MutableBytes) { return false; };
  for (const Verdict verdict : {VerifyGoogMessageIntegrity32(*message, kHmac), VerifyFingerprint(*message),
                                VerifyMessageIntegrity(*message, no_hash)}) {
    FUZZ_CHECK(static_cast<int>(verdict) < kVerdictCount && ToString(verdict) != "unknown");
  }
  std::array<std::uint8_t, 32> key{};
  FUZZ_CHECK(MakeLongTermKey(message->bytes(), {}, {}, kHmac, key) && MakeUserhash(message->bytes(), {}, kHmac, key));
  if (VerifyFingerprint(*message) == Verdict::kValid) FUZZ_CHECK(LoadU16(data + size - 8) == 0x8028);

  std::vector<std::uint8_t> out(message->size() + 24 + 36 + 8);
  MessageWriter writer(out, message->message_class(), message->method(), message->transaction_id());
  AttributeReader reader = message->reader();
  for (Attribute attribute; reader.Next(attribute);) {
    const bool tag = attribute.type == AttributeType::kMessageIntegrity ||
                     attribute.type == AttributeType::kMessageIntegritySha256 ||
                     attribute.type == AttributeType::kFingerprint;
    if (!tag) writer.Add(attribute.type, attribute.value);
  }
  const std::size_t covered = writer.message().size();
  if ((choice & 0x80) != 0) writer.AddMessageIntegrity(kHmac);
  if ((choice & 0x40) != 0) writer.AddMessageIntegritySha256(kHmac, least);
  writer.AddFingerprint();
  if (!writer.ok()) return 0;  // no room in a message
  const std::vector<std::uint8_t> written(writer.message().begin(), writer.message().end());
  const auto check = [&](const MessageView& view, bool intact) {
    const Verdict expected = intact ? Verdict::kValid : Verdict::kMismatch;
    if ((choice & 0x80) != 0) FUZZ_CHECK(VerifyMessageIntegrity(view, kHmac) == expected);
    if ((choice & 0x40) != 0) FUZZ_CHECK(VerifyMessageIntegritySha256(view, kHmac, least) == expected);
    FUZZ_CHECK(VerifyFingerprint(view) == expected);
  };
  check(*MessageView::Parse(written), true);
  std::vector<std::uint8_t> changed = written;
  changed[8 + choice % 12] ^= static_cast<std::uint8_t>(1 << choice % 8);  // the transaction id
  check(*MessageView::Parse(changed), false);
  FUZZ_CHECK(covered >= kHeaderSize);
  return 0;
}
