#include "mediacore/rtp/ulpfec.h"

#include "repair.h"

namespace mediacore::rtp {
namespace {

// Five packets of 1100 bytes in one level, as a browser protects them.
constexpr std::array<std::uint8_t, 1100> kProtection{};
const std::array kLevels = [] {
  FecMask mask;
  for (const int i : {0, 1, 3, 6, 10}) static_cast<void>(mask.Add(i));
  return std::array{UlpFecLevel{mask, kProtection}};
}();
const UlpFecWriter kWriter{{0x10e0, 1100, 5}, SequenceNumber(65530), kLevels};

std::uint64_t ReadNumbers(Bytes bytes) {
  std::uint64_t sum = 0;
  if (const auto fec = UlpFecView::Parse(bytes)) {
    for (const UlpFecLevel& level : *fec) {
      for (const SequenceNumber number : fec->packets(level)) sum += number.value();
    }
    sum += fec->recovery().length;
  }
  return sum;
}

void BM_RtpUlpFecRead(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, bytes, true, ReadNumbers);
}
BENCHMARK(BM_RtpUlpFecRead);

void BM_RtpUlpFecRefuse(benchmark::State& state) {
  const auto bytes = bench::Written(kWriter);
  bench::ReadRepair(state, Bytes(bytes).first(bytes.size() - 1), false, ReadNumbers);
}
BENCHMARK(BM_RtpUlpFecRefuse);

// Levels without bytes, as many as a datagram holds: the most work there can be.
void BM_RtpUlpFecReadMostLevels(benchmark::State& state) {
  std::vector<std::uint8_t> bytes(UlpFecView::kHeaderSize);
  while (bytes.size() < 1450) bytes.insert(bytes.end(), {0, 0, 0xff, 0xff});
  bench::ReadRepair(state, bytes, true, ReadNumbers);
}
BENCHMARK(BM_RtpUlpFecReadMostLevels);

void BM_RtpUlpFecWrite(benchmark::State& state) { bench::WriteRepair(state, kWriter); }
BENCHMARK(BM_RtpUlpFecWrite);

}  // namespace
}  // namespace mediacore::rtp
