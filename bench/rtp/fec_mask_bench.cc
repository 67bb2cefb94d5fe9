#include "mediacore/rtp/fec_mask.h"

#include "repair.h"

namespace mediacore::rtp {
namespace {

// Every other packet of 110, across the wrap of the numbers and of the words of the mask.
constexpr FecMask kEveryOther = [] {
  FecMask mask;
  for (int i = 0; i < FecMask::kCapacity; i += 2) static_cast<void>(mask.Add(i));
  return mask;
}();

void BM_RtpFecMaskWalk55Packets(benchmark::State& state) {
  const ProtectedPackets packets(SequenceNumber(65500), kEveryOther);
  bench::ReadRepair(state, {}, true, [&](Bytes) {
    std::uint64_t sum = 0;
    for (const SequenceNumber number : packets) sum += number.value();
    return sum;
  });
}
BENCHMARK(BM_RtpFecMaskWalk55Packets);

// 24 packets one by one into the 14 bytes of FlexFEC, and out of them.
void BM_RtpFecMaskFromNumbersAndBack(benchmark::State& state) {
  int step = 3;
  bench::ReadRepair(state, {}, true, [&](Bytes) {
    benchmark::DoNotOptimize(step);
    FecMask mask;
    bool added = true;
    for (int i = 0; i < 24; ++i) added &= mask.Add(i * step);
    std::array<std::uint8_t, 14> bytes;
    ByteWriter writer(bytes);
    WriteFlexMask(writer, mask, internal::kFlexFecMask, bytes.size());
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    ByteReader reader(bytes);
    FecMask again;
    return added && ReadFlexMask(reader, internal::kFlexFecMask, again) == internal::FlexMaskResult::kOk ? again.count()
                                                                                                         : 0;
  });
}
BENCHMARK(BM_RtpFecMaskFromNumbersAndBack);

}  // namespace
}  // namespace mediacore::rtp
