#include "mediacore/base/units.h"

#include "../support/input.h"
#include "mediacore/base/codec.h"
#include "mediacore/base/ecn.h"
#include "mediacore/base/ntp_time.h"

namespace {

using namespace mediacore;
__extension__ using Wide = __int128;

std::int64_t Number(fuzz::Input& input) {
  const std::uint8_t kind = input.U8();
  if (kind == 0) return kInt64Max;
  if (kind == 1) return kInt64Min;
  std::uint64_t bits = 0;
  for (int i = 0; i < 4; ++i) bits = bits << 16 | input.U16();
  return static_cast<std::int64_t>(bits) >> kind % 64;
}
std::int64_t Clamp(Wide exact) {
  if (exact >= kInt64Max) return kInt64Max;
  if (exact <= kInt64Min) return kInt64Min;
  return static_cast<std::int64_t>(exact);
}
bool Finite(std::int64_t n) { return n != kInt64Max && n != kInt64Min; }

}  // namespace

// Of finite numbers every answer is the exact one, kept within the range; what is
// infinite stays so; units follow the numbers; wall clocks come back as they went.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::int64_t a = Number(input);
  const std::int64_t b = Number(input);
  const std::int64_t c = Number(input);
  if (Finite(a) && Finite(b)) {
    FUZZ_CHECK(SaturatingAdd(a, b) == Clamp(Wide{a} + b));
    FUZZ_CHECK(SaturatingSubtract(a, b) == Clamp(Wide{a} - b));
    FUZZ_CHECK(SaturatingMultiply(a, b) == Clamp(Wide{a} * b));
    if (c != 0) {
      FUZZ_CHECK(SaturatingMulDiv(a, b, c) == Clamp(Wide{a} * b / c));
      const std::int64_t nearest = SaturatingMulDivNearest(a, b, c);
      if (Finite(nearest)) {
        Wide off = Wide{a} * b - Wide{nearest} * c;
        if (off < 0) off = -off;
        FUZZ_CHECK(2 * off <= (c < 0 ? -Wide{c} : Wide{c}));
      }
    }
  }
  FUZZ_CHECK(Finite(a) || SaturatingAdd(a, b) == a);
  FUZZ_CHECK(Finite(a) || SaturatingSubtract(a, b) == a);
  // The least finite number has no opposite but infinity.
  FUZZ_CHECK(SaturatingNegate(SaturatingNegate(a)) == (a == kInt64Min + 1 ? kInt64Min : a));

  const TimeDelta time = TimeDelta::Micros(a);
  FUZZ_CHECK((-time).us() == SaturatingNegate(a) && time.Abs() >= TimeDelta::Zero());
  FUZZ_CHECK((time + TimeDelta::Millis(b)).us() == SaturatingAdd(a, SaturatingMultiply(b, 1000)));
  FUZZ_CHECK((time - TimeDelta::Seconds(b)).us() == SaturatingSubtract(a, SaturatingMultiply(b, 1'000'000)));
  FUZZ_CHECK((2 * time).us() == SaturatingMultiply(a, 2) && (time / 0).IsFinite() == (a == 0));
  FUZZ_CHECK(time.ms() == a / 1000 && time.seconds() * static_cast<double>(a) >= 0);
  if (time.IsFinite() && time.Abs() < TimeDelta::Seconds(1'000'000'000)) {
    FUZZ_CHECK(TimeDelta::Ticks(time.ToTicks(1'000'000'000), 1'000'000'000) == time);
  }
  TimeDelta sum = time;
  sum += TimeDelta::Micros(b);
  sum -= TimeDelta::Micros(c);
  FUZZ_CHECK(sum.us() == SaturatingSubtract(SaturatingAdd(a, b), c));
  Timestamp at = Timestamp::Micros(a);
  FUZZ_CHECK((at - TimeDelta::Micros(b)).us() == SaturatingSubtract(a, b));
  FUZZ_CHECK((at - Timestamp::Micros(b)).us() == SaturatingSubtract(a, b));
  FUZZ_CHECK(at.ms() == a / 1000 && at.seconds() * static_cast<double>(a) >= 0);
  FUZZ_CHECK(Timestamp::Millis(a).us() == SaturatingMultiply(a, 1000));
  FUZZ_CHECK(Timestamp::Seconds(a).us() == SaturatingMultiply(a, 1'000'000));
  at += TimeDelta::Micros(b);
  FUZZ_CHECK(at.us() == SaturatingAdd(a, b));

  const DataRate rate = DataRate::KilobitsPerSecond(b);
  FUZZ_CHECK(rate.bps() == SaturatingMultiply(b, 1000) && rate.kbps() * static_cast<double>(b) >= 0);
  const DataSize sent = rate * time;
  FUZZ_CHECK(sent == time * rate);
  if (rate > DataRate::Zero() && time > TimeDelta::Zero()) {
    FUZZ_CHECK(sent >= DataSize::Zero());
    if (sent.IsFinite()) FUZZ_CHECK(sent / time <= rate && sent / rate <= time);
  }
  FUZZ_CHECK(Frequency::Hertz(a).millihertz() == SaturatingMultiply(a, 1000));
  FUZZ_CHECK(Frequency::MilliHertz(a).hertz() * static_cast<double>(a) >= 0);
  if (b != 0)
    FUZZ_CHECK((DataSize::Bytes(a) / DataSize::Bytes(b)) * static_cast<double>(a) * static_cast<double>(b) >= 0);

  // 1968 to 2104, and a century at most between two of them.
  const std::int64_t unix_us = static_cast<std::int64_t>(static_cast<std::uint64_t>(a) % 4'000'000'000'000'000);
  const NtpTime wall = NtpTime::FromUnixMicros(unix_us);
  FUZZ_CHECK(wall.ToUnixMicros() == unix_us && NtpTime(wall.seconds(), wall.fraction()) == wall);
  FUZZ_CHECK(wall.compact() == static_cast<std::uint32_t>(wall.value() >> 16) && wall.IsSet());
  const TimeDelta apart = TimeDelta::Micros(b % 1'000'000'000'000'000);
  FUZZ_CHECK((wall + apart) - wall == apart);
  FUZZ_CHECK(NtpTime::FromUnixMicros(-unix_us % 60'000'000'000'000).ToUnixMicros() == -unix_us % 60'000'000'000'000);

  const auto ecn = EcnOf(static_cast<std::uint8_t>(c));
  FUZZ_CHECK(ToString(ecn) != "unknown" && ToString(static_cast<Ecn>(4)) == "unknown");
  const auto codec = static_cast<Codec>(c & 31);
  FUZZ_CHECK(!IsVideo(codec) || !IsAudio(codec));
  FUZZ_CHECK((ToString(codec) == "unknown") == (!IsVideo(codec) && (codec == Codec::kUnknown || codec > Codec::kG722)));
  return 0;
}
