#include "mediacore/codec/sei.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

// Messages lie one after another within the input, and written again they read
// back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  ByteReader reader({data, size});
  std::size_t before = reader.remaining();
  for (;;) {
    const auto message = SeiMessage::TakeFrom(reader);
    if (!message) {
      FUZZ_CHECK(reader.remaining() == before && !ToString(message.error()).empty());
      break;
    }
    FUZZ_CHECK(before - reader.remaining() == message->WireSize());
    FUZZ_CHECK(message->payload.data() + message->payload.size() == reader.rest().data());
    before = reader.remaining();
    FUZZ_CHECK(!ToString(message->type).empty());
    std::vector<std::uint8_t> out(message->WireSize());
    FUZZ_CHECK(message->Write(out) && !message->Write(MutableBytes(out).first(out.size() - 1)));
    ByteReader again(out);
    const auto back = SeiMessage::TakeFrom(again);
    FUZZ_CHECK(back && back->type == message->type && std::ranges::equal(back->payload, message->payload));
    std::uint32_t frames = 0;
    if (ReadRecoveryPoint(message->payload, frames)) FUZZ_CHECK(frames <= 65535);
  }
  return 0;
}
