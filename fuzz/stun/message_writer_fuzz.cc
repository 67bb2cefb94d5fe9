#include "mediacore/stun/message_writer.h"

#include <algorithm>
#include <vector>

#include "../../tests/support/toy_hash.h"
#include "../support/input.h"

// The first two bytes are the room, the others are steps. After each the bytes are
// a message that holds what was added and nothing else, or ok() is false for good
// and not a byte changes; what lies behind the room is never touched.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::stun;
  constexpr mediacore::testing::ToyHash kHmac{5};
  fuzz::Input input(data, size);
  const std::size_t room = input.U16() % 512;
  std::vector<std::uint8_t> out(room + 8, 0xee);
  const auto method = static_cast<Method>(input.U16() % 0x1010);
  MessageWriter writer(MutableBytes(out).first(room), static_cast<MessageClass>(input.U8() % 4), method, {});
  FUZZ_CHECK(writer.ok() == (room >= kHeaderSize && static_cast<int>(method) < 0x1000));

  std::vector<std::pair<AttributeType, std::vector<std::uint8_t>>> added;
  for (int step = 0; step < 64 && !input.empty(); ++step) {
    const auto before = out;
    const bool was_ok = writer.ok();
    const std::uint8_t action = input.U8();
    switch (action % 8) {
      case 0: writer.AddMessageIntegrity(kHmac); break;
      case 1: writer.AddMessageIntegritySha256(kHmac, input.U8() % 40u); break;
      case 2: writer.AddFingerprint(); break;
      case 3:  // with a hash that fails at times
        if (input.U8() != 0) {
          writer.AddGoogMessageIntegrity32(kHmac);
        } else {
          writer.AddMessageIntegrity([](std::span<const Bytes>, MutableBytes) { return false; });
          FUZZ_CHECK(!writer.ok());
        }
        break;
      case 4: writer.Add(Lifetime{TimeDelta::Millis(250 * input.U8())}); break;
      case 5: writer.Add(UseCandidate{}); break;
      default: {
        std::vector<std::uint8_t> value(input.U8() % 48u);
        for (std::uint8_t& byte : value) byte = input.U8();
        const auto type = static_cast<AttributeType>(input.U16());
        writer.Add(type, value);
        if (writer.ok()) added.emplace_back(type, value);
        break;
      }
    }
    FUZZ_CHECK(
        std::all_of(out.begin() + static_cast<std::ptrdiff_t>(room), out.end(), [](int b) { return b == 0xee; }));
    if (!writer.ok()) {
      FUZZ_CHECK(writer.message().empty() && (was_ok || out == before));
      FUZZ_CHECK(out == before);
      continue;
    }
    FUZZ_CHECK(was_ok);
    const auto message = MessageView::Parse(writer.message());
    FUZZ_CHECK(message && message->method() == method);
  }
  if (!writer.ok()) return 0;
  const auto message = MessageView::Parse(writer.message());
  AttributeReader reader = message->reader();
  std::size_t found = 0;
  for (Attribute attribute; reader.Next(attribute);) {
    if (found < added.size() && attribute.type == added[found].first &&
        std::ranges::equal(attribute.value, added[found].second)) {
      ++found;
    }
  }
  FUZZ_CHECK(found == added.size());
  if (message->Has(AttributeType::kMessageIntegrity)) {
    FUZZ_CHECK(VerifyMessageIntegrity(*message, kHmac) == Verdict::kValid);
  }
  if (message->Has(AttributeType::kMessageIntegritySha256)) {
    FUZZ_CHECK(VerifyMessageIntegritySha256(*message, kHmac, 16) == Verdict::kValid);
  }
  if (message->Has(AttributeType::kFingerprint)) FUZZ_CHECK(VerifyFingerprint(*message) == Verdict::kValid);
  return 0;
}
