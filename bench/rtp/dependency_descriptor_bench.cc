#include "mediacore/rtp/dependency_descriptor.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtp {
namespace {

// Of Chromium's VP9 with three spatial and three temporal layers.
constexpr std::array<std::uint8_t, 90> kKeyFrame = {
    0x80, 0x00, 0x01, 0x80, 0x08, 0x14, 0x85, 0x21, 0x4e, 0xaa, 0xaa, 0xa8, 0x00, 0x06, 0x00, 0x00, 0x40, 0x00,
    0x10, 0x00, 0x02, 0xaa, 0x80, 0xa8, 0x00, 0x06, 0x00, 0x00, 0x40, 0x00, 0x10, 0x00, 0x02, 0xa0, 0x00, 0xa8,
    0x00, 0x06, 0x00, 0x00, 0x40, 0x00, 0x16, 0xd5, 0x49, 0x24, 0x1b, 0x55, 0x24, 0x90, 0x6d, 0x54, 0x92, 0x31,
    0x57, 0xe0, 0x01, 0x97, 0x4c, 0xa8, 0x64, 0x33, 0x0e, 0x22, 0x23, 0x96, 0xec, 0xa8, 0x65, 0x53, 0x04, 0x22,
    0x43, 0x90, 0xec, 0xa8, 0x77, 0x53, 0x01, 0x3f, 0x00, 0xb3, 0x02, 0x7f, 0x01, 0x67, 0x04, 0xff, 0x02, 0xcf};
constexpr std::array<std::uint8_t, 3> kTemplateOnly = {0x4e, 0x01, 0x65};
constexpr std::array<std::uint8_t, 8> kOwnDiffs = {0x8c, 0x01, 0x56, 0x1a, 0x80, 0x38, 0x30, 0x28};

void ReadAgain(benchmark::State& state, Bytes value) {
  static DependencyDescriptorReader reader;
  if (!reader.Read(kKeyFrame)) return state.SkipWithError("the key frame does not read");
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(value);
    benchmark::ClobberMemory();
    auto descriptor = reader.Read(value);
    benchmark::DoNotOptimize(descriptor);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_RtpDependencyDescriptorReadByTemplate(benchmark::State& state) { ReadAgain(state, kTemplateOnly); }
BENCHMARK(BM_RtpDependencyDescriptorReadByTemplate);

void BM_RtpDependencyDescriptorReadOwnDiffs(benchmark::State& state) { ReadAgain(state, kOwnDiffs); }
BENCHMARK(BM_RtpDependencyDescriptorReadOwnDiffs);

void BM_RtpDependencyDescriptorReadStructure(benchmark::State& state) { ReadAgain(state, kKeyFrame); }
BENCHMARK(BM_RtpDependencyDescriptorReadStructure);

void BM_RtpDependencyDescriptorRefuseUnknownTemplate(benchmark::State& state) {
  static constexpr std::array<std::uint8_t, 3> kUnknown = {0x3f, 0x01, 0x65};
  ReadAgain(state, kUnknown);
}
BENCHMARK(BM_RtpDependencyDescriptorRefuseUnknownTemplate);

void BM_RtpDependencyDescriptorRefuseStructureCutShort(benchmark::State& state) {
  ReadAgain(state, Bytes(kKeyFrame).first(80));
}
BENCHMARK(BM_RtpDependencyDescriptorRefuseStructureCutShort);

void WriteAgain(benchmark::State& state, Bytes value) {
  static DependencyDescriptorReader reader;
  static_cast<void>(reader.Read(kKeyFrame));
  const auto descriptor = reader.Read(value);
  if (!descriptor) return state.SkipWithError("what is to be written does not read");
  const DependencyDescriptorWriter writer{.descriptor = *descriptor, .structure = reader.structure()};
  std::array<std::uint8_t, DependencyDescriptorWriter::kMaxSize> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer);
    bool written = writer.Write(out);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_RtpDependencyDescriptorWriteByTemplate(benchmark::State& state) { WriteAgain(state, kTemplateOnly); }
BENCHMARK(BM_RtpDependencyDescriptorWriteByTemplate);

void BM_RtpDependencyDescriptorWriteOwnDiffs(benchmark::State& state) { WriteAgain(state, kOwnDiffs); }
BENCHMARK(BM_RtpDependencyDescriptorWriteOwnDiffs);

void BM_RtpDependencyDescriptorWriteStructure(benchmark::State& state) { WriteAgain(state, kKeyFrame); }
BENCHMARK(BM_RtpDependencyDescriptorWriteStructure);

}  // namespace
}  // namespace mediacore::rtp
