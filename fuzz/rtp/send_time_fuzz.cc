#include "mediacore/rtp/send_time.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back. Walked over in threes, send times
// unwrap to a clock that moves by their distances.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::AbsSendTime>({data, size}));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::TransmissionOffset>({data, size}));
  FUZZ_CHECK(rtp::AbsSendTime::Parse({data, size}).has_value() == (size == 3));

  rtp::AbsSendTimeUnwrapper unwrapper;
  rtp::AbsSendTime last;
  TimeDelta last_time = unwrapper.Unwrap(last);
  for (std::size_t at = 0; at + 3 <= size; at += 3) {
    const auto sent = rtp::AbsSendTime::Parse({data + at, 3});
    const auto offset = rtp::TransmissionOffset::Parse({data + at, 3});
    FUZZ_CHECK(sent && offset);
    FUZZ_CHECK((static_cast<std::uint32_t>(offset->ticks) & 0xffffff) == sent->ticks);
    FUZZ_CHECK(offset->ticks >= rtp::TransmissionOffset::kMin && offset->ticks <= rtp::TransmissionOffset::kMax);
    const TimeDelta time = unwrapper.Unwrap(*sent);
    const TimeDelta distance = *sent - last;
    FUZZ_CHECK(distance.Abs() <= TimeDelta::Seconds(32));
    // Each is rounded to a microsecond.
    FUZZ_CHECK((time - last_time - distance).Abs() <= TimeDelta::Micros(2));
    FUZZ_CHECK((rtp::AbsSendTime::Of(Timestamp::Micros(0) + time) - *sent).Abs() <= TimeDelta::Micros(8));
    FUZZ_CHECK(rtp::AbsSendTime::Of(NtpTime(std::uint64_t{sent->ticks} << 14)) == *sent);
    last = *sent;
    last_time = time;
  }
  unwrapper.Reset();
  FUZZ_CHECK(unwrapper.Unwrap(last) < TimeDelta::Seconds(64));
  return 0;
}
