#include "mediacore/stats/receive_statistics.h"

#include <set>

#include "../support/input.h"

// Against a set of all numbers of the stretch: the same packets are new, double
// and out of order, and what is expected is what came and what is missing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using stats::Arrival;
  using stats::ReceiveStatistics;
  fuzz::Input input(data, size);
  auto statistics = ReceiveStatistics::Create({.clock_rate = Frequency::Hertz(input.U16())}).value();
  std::set<std::int64_t> seen;
  std::int64_t before = 0;  // expected in earlier stretches
  std::int64_t double_ones = 0;
  std::int64_t counted = 0;
  std::uint16_t number = input.U16();
  std::int64_t now = 0;
  while (!input.empty()) {
    const std::uint8_t step = input.U8();
    if (step < 200) {
      number = static_cast<std::uint16_t>(number + step - 90);
    } else {
      number = input.U16();
    }
    now += static_cast<std::int64_t>(input.U8()) * 1000 - 2000;
    const auto update = statistics.OnPacket(Timestamp::Micros(now), SequenceNumber(number),
                                            RtpTimestamp(input.U8() * 90u), DataSize::Bytes(10));
    const std::int64_t at = update.sequence_number;
    FUZZ_CHECK(static_cast<std::uint16_t>(at) == number);
    const bool known = seen.contains(at);
    switch (update.arrival) {
      case Arrival::kFirst: FUZZ_CHECK(seen.empty()); break;
      case Arrival::kNext: FUZZ_CHECK(!seen.empty() && at == *seen.rbegin() + 1); break;
      case Arrival::kAfterGap:
        FUZZ_CHECK(at > *seen.rbegin() + 1 && at <= *seen.rbegin() + 3000);
        break;
      case Arrival::kReordered:
        FUZZ_CHECK(!known && at < *seen.rbegin() && at > *seen.rbegin() - ReceiveStatistics::kWindow);
        break;
      case Arrival::kDuplicate:
        FUZZ_CHECK(known && at > *seen.rbegin() - ReceiveStatistics::kWindow);
        ++double_ones;
        break;
      case Arrival::kJumped: continue;
      case Arrival::kRestarted:
        before += *seen.rbegin() - *seen.begin() + 1;
        seen = {at - 1};
        ++counted;
        break;
    }
    ++counted;
    seen.insert(at);
    FUZZ_CHECK(statistics.received() == counted);
    FUZZ_CHECK(statistics.duplicates() == double_ones);
    FUZZ_CHECK(statistics.expected() == before + *seen.rbegin() - *seen.begin() + 1);
    FUZZ_CHECK(statistics.missing() >= 0);
    FUZZ_CHECK(statistics.received() - statistics.duplicates() + statistics.missing() == statistics.expected());
  }
  return 0;
}
