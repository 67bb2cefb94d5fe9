#include "mediacore/rtp/flexfec03.h"

#include "repair.h"

namespace mediacore::rtp {
namespace {

// Five packets of 1100 bytes, over 20 numbers.
constexpr std::array<std::uint8_t, 1100> kRepair{};
const std::array kStreams = [] {
  FlexFec03Stream stream{Ssrc(0xcafe), SequenceNumber(65530), {}};
  for (const int i : {0, 1, 3, 6, 20}) static_cast<void>(stream.mask.Add(i));
  return std::array{stream};
}();
const FlexFec03Writer kWriter{{0x10e0, 1100, 5}, kStreams, kRepair};

std::uint64_t ReadNumbers(Bytes bytes) {
  std::uint64_t sum = 0;
  if (const auto fec = FlexFec03View::Parse(bytes)) {
    for (const FlexFec03Stream& stream : *fec) {
      for (const SequenceNumber number : stream.packets()) sum += number.value();
    }
    sum += fec->recovery().length + fec->repair_payload().size();
  }
  return sum;
}

void BM_RtpFlexFec03Read(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, bytes, true, ReadNumbers);
}
BENCHMARK(BM_RtpFlexFec03Read);

void BM_RtpFlexFec03Refuse(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, Bytes(bytes).first(23), false, ReadNumbers);
}
BENCHMARK(BM_RtpFlexFec03Refuse);

void BM_RtpFlexFec03Write(benchmark::State& state) { bench::WriteRepair(state, kWriter); }
BENCHMARK(BM_RtpFlexFec03Write);

}  // namespace
}  // namespace mediacore::rtp
