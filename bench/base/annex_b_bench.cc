#include "mediacore/base/annex_b.h"

#include <cstring>
#include <vector>

#include "../support/heap_count.h"

namespace mediacore {
namespace {

constexpr std::size_t kSize = 1 << 20;

// Coded video looks like noise; a unit of 16 KiB ends where a start code begins.
std::vector<std::uint8_t> MakeAnnexB() {
  std::vector<std::uint8_t> bytes(kSize);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  for (std::size_t at = 0; at < kSize; at += 16384) {
    StoreU32(bytes.data() + at, 1);
    bytes[at + 4] = 0x41;
  }
  return bytes;
}

void BM_Memcpy(benchmark::State& state) {
  const auto in = MakeAnnexB();
  std::vector<std::uint8_t> out(kSize);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    std::memcpy(out.data(), in.data(), kSize);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kSize));
}
BENCHMARK(BM_Memcpy);

void BM_AnnexBScan(benchmark::State& state) {
  auto in = MakeAnnexB();
  if (state.range(0) != 0) in.assign(kSize, 0);  // the worst: nothing but zeros
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    AnnexBReader reader(in);
    Bytes nal;
    std::size_t sum = 0;
    while (reader.Next(nal)) sum += nal.size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kSize));
}
BENCHMARK(BM_AnnexBScan)->ArgName("zeros")->Arg(0)->Arg(1);

void BM_AvccToAnnexB(benchmark::State& state) {
  const auto in = MakeAnnexB();
  std::vector<std::uint8_t> avcc(kSize + 1024);
  std::vector<std::uint8_t> out(kSize + 1024);
  std::size_t size = 0;
  if (!AnnexBToAvcc(in, avcc, size)) mediacore::bench::Fail(state, "no room");
  avcc.resize(size);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    bool ok = AvccToAnnexB(avcc, out, size);
    benchmark::DoNotOptimize(ok);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
}
BENCHMARK(BM_AvccToAnnexB);

void BM_AvccToAnnexBRefused(benchmark::State& state) {
  std::vector<std::uint8_t> lie = {0, 0, 0, 9, 0x65};
  std::vector<std::uint8_t> out(64);
  std::size_t size = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(lie.data());
    bool ok = AvccToAnnexB(lie, out, size);
    benchmark::DoNotOptimize(ok);
  }
}
BENCHMARK(BM_AvccToAnnexBRefused);

}  // namespace
}  // namespace mediacore
