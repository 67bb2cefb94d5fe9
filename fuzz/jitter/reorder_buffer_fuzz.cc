#include "../../tests/jitter/reorder_buffer_checker.h"

#include "../support/input.h"

// Any packets at any times, polled whenever: what ReorderBufferChecker says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::Input input(data, size);
  jitter::ReorderBufferConfig config;
  config.max_packets = 1u + input.U8();
  config.max_bytes = 65'536u + 100u * input.U8();
  config.min_wait = TimeDelta::Millis(input.U8() % 50);
  config.max_wait = config.min_wait + TimeDelta::Millis(input.U8());
  config.max_dropout = 1 + input.U8() * 16;
  config.max_misorder = input.U8() * 4;
  jitter::ReorderBufferChecker checker(config);
  auto now = Timestamp::Zero();
  std::uint16_t number = input.U16();
  while (!input.empty()) {
    const std::uint8_t action = input.U8();
    switch (action >> 5) {
      case 0: now += TimeDelta::Millis(action & 31); break;
      case 1: now = now - TimeDelta::Millis(action & 31); break;
      case 2: checker.Drain(now); break;
      case 3: number = input.U16(); break;
      case 4: number = static_cast<std::uint16_t>(number - (action & 31)); break;
      case 5:
        if (action == 0xa0) checker.Flush();
        if (action == 0xa2) checker.Restart();
        if (action == 0xa1) now = std::max(now, checker.buffer().NextTimeout());
        if (!now.IsFinite()) now = Timestamp::Seconds(1'000'000);
        break;
      default: {  // up to 32 packets in a row, then two bits say what follows
        const std::size_t bytes = action & 32 ? 1200 : 64u * input.U8();
        for (int i = 0; i <= (action & 31); ++i) {
          checker.Insert(now, SequenceNumber(number++), bytes);
          if ((action & 1) != 0) checker.Drain(now);
        }
      }
    }
    FUZZ_CHECK(checker.failure() == nullptr);
  }
  checker.Finish();
  FUZZ_CHECK(checker.failure() == nullptr);
  return 0;
}
