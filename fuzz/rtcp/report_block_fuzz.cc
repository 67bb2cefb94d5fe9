#include "mediacore/rtcp/report_block.h"

#include <algorithm>

#include "../support/input.h"

// Any 24 bytes are a report and are written the same; a round trip is never
// negative nor longer than half of what 16 bits of seconds count.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  constexpr std::size_t kSize = rtcp::ReportBlock::kSize;
  if (size < kSize + 8) return 0;
  const std::span<const std::uint8_t, kSize> bytes(data, kSize);
  const auto report = rtcp::ReportBlock::Read(bytes);
  FUZZ_CHECK(report.cumulative_lost >= rtcp::ReportBlock::kMinCumulativeLost);
  FUZZ_CHECK(report.cumulative_lost <= rtcp::ReportBlock::kMaxCumulativeLost);
  std::uint8_t out[kSize] = {};
  report.Write(out);
  FUZZ_CHECK(std::ranges::equal(out, bytes));

  auto beyond = report;
  beyond.cumulative_lost = static_cast<std::int32_t>(LoadU32(data + kSize));
  beyond.Write(out);
  const auto clamped = rtcp::ReportBlock::Read(out);
  FUZZ_CHECK((clamped.cumulative_lost < 0) == (beyond.cumulative_lost < 0));
  FUZZ_CHECK(clamped.fraction_lost == report.fraction_lost);

  const NtpTime now(LoadU64(data + kSize));
  TimeDelta round_trip = TimeDelta::MinusInfinity();
  if (rtcp::RoundTripTime(report, now, round_trip)) {
    FUZZ_CHECK(report.last_sr != 0);
    FUZZ_CHECK(round_trip >= TimeDelta::Zero() && round_trip < TimeDelta::Seconds(32768));
  } else {
    FUZZ_CHECK(round_trip == TimeDelta::MinusInfinity());
  }
  return 0;
}
