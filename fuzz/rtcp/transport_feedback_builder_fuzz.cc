#include "mediacore/rtcp/transport_feedback_builder.h"

#include <map>
#include <vector>

#include "../support/input.h"

// Any arrivals in any order, told in messages of any size: each message reads,
// what it says of a number is what happened (the first arrival since the sender
// last began anew, or none), and news end after as many messages as numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::Input input(data, size);
  TransportFeedbackBuilder<64> builder(Ssrc(1), Ssrc(2));
  std::map<std::uint16_t, std::vector<std::int64_t>> arrived;
  std::int64_t us = 0;
  std::uint16_t number = input.U16();
  const auto tell = [&](std::size_t room) {
    std::vector<std::uint8_t> out(room + 1, 0xee);
    const std::size_t told = builder.WriteFront(MutableBytes(out).first(room));
    FUZZ_CHECK(out[room] == 0xee && told <= room && told % 4 == 0);
    FUZZ_CHECK(told > 0 || room < 24 || !builder.HasNews());
    if (told == 0) return false;
    ByteReader reader(Bytes(out).first(told));
    const auto block = BlockView::TakeFrom(reader);
    FUZZ_CHECK(block && reader.empty());
    const auto feedback = TransportFeedbackView::Parse(*block);
    FUZZ_CHECK(feedback && feedback->packet_status_count() <= 64 && feedback->received_count() > 0);
    feedback->ForEach([&](SequenceNumber at, bool received, TimeDelta since) {
      if (!received) return;
      bool happened = false;
      for (const std::int64_t arrival : arrived[at.value()]) {
        const std::int64_t off = arrival - (feedback->reference_time().time() + since).us();
        const std::int64_t round = std::int64_t{64'000} << 24;
        happened = happened || (off % round + round) % round < 250;
      }
      FUZZ_CHECK(happened);
    });
    return true;
  };
  while (!input.empty()) {
    const std::uint8_t choice = input.U8();
    if (choice < 16) {
      tell(std::size_t{choice} * 8);
      continue;
    }
    if (choice == 255) {
      number = input.U16();
    } else {
      number = static_cast<std::uint16_t>(number + choice / 8 - 8);
    }
    us += choice == 254 ? std::int64_t{input.U16()} << 22 : (choice & 7) * 900 - 900;
    if (choice == 253) {
      builder.HandlePacket(SequenceNumber(number), Timestamp::PlusInfinity());
      continue;
    }
    builder.HandlePacket(SequenceNumber(number), Timestamp::Micros(us));
    arrived[number].push_back(us);
  }
  int messages = 0;
  while (builder.HasNews()) {
    FUZZ_CHECK(tell(200) && ++messages <= 64);
  }
  FUZZ_CHECK(!tell(24));
  FUZZ_CHECK(builder.counters().too_old + builder.counters().passed_over <= size * 65'536);
  return 0;
}
