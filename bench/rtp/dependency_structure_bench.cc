#include "mediacore/rtp/dependency_structure.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtp {
namespace {

// The L1T3 of appendix A.6.1, and all that the format has room for.
DependencyStructure L1T3() {
  DependencyStructure structure;
  structure.decode_target_count = 3;
  structure.chain_count = 1;
  structure.has_resolutions = true;
  structure.resolutions[0] = {640, 360};
  structure.Add({0, 0, {}, DecodeTargetIndications("SSS"), {0}});
  structure.Add({0, 0, {4}, DecodeTargetIndications("SSS"), {4}});
  structure.Add({0, 1, {2}, DecodeTargetIndications("-DS"), {2}});
  structure.Add({0, 2, {1}, DecodeTargetIndications("--D"), {1}});
  structure.Add({0, 2, {1}, DecodeTargetIndications("--D"), {3}});
  return structure;
}
DependencyStructure Largest() {
  DependencyStructure structure;
  structure.decode_target_count = 32;
  structure.chain_count = 32;
  for (int i = 0; i < 64; ++i) {
    structure.Add({0, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, {}, {}});
  }
  return structure;
}
std::vector<std::uint8_t> Written(const DependencyStructure& structure) {
  std::vector<std::uint8_t> out(4096);
  BitWriter writer(out);
  if (!structure.Write(writer) || !writer.ok()) out.clear();
  out.resize(writer.byte_size());
  return out;
}

void ReadAgain(benchmark::State& state, const std::vector<std::uint8_t>& bytes, bool good) {
  static DependencyStructure structure;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
    BitReader reader(bytes);
    DependencyError error{};
    bool read = DependencyStructure::Read(reader, structure, error);
    benchmark::DoNotOptimize(read);
    if (read != good) state.SkipWithError("not what was to be measured");
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void BM_RtpDependencyStructureReadL1T3(benchmark::State& state) { ReadAgain(state, Written(L1T3()), true); }
BENCHMARK(BM_RtpDependencyStructureReadL1T3);

void BM_RtpDependencyStructureReadLargest(benchmark::State& state) { ReadAgain(state, Written(Largest()), true); }
BENCHMARK(BM_RtpDependencyStructureReadLargest);

void BM_RtpDependencyStructureRefuseCutShort(benchmark::State& state) {
  auto bytes = Written(L1T3());
  bytes.pop_back();
  ReadAgain(state, bytes, false);
}
BENCHMARK(BM_RtpDependencyStructureRefuseCutShort);

void BM_RtpDependencyStructureWriteL1T3(benchmark::State& state) {
  const DependencyStructure structure = L1T3();
  std::array<std::uint8_t, 64> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(structure);
    BitWriter writer(out);
    bool written = structure.Write(writer);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpDependencyStructureWriteL1T3);

}  // namespace
}  // namespace mediacore::rtp
