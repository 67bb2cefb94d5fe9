#include "mediacore/rtp/encrypted_extensions.h"

#include <array>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::rtp {
namespace {

// Send time, transport-wide number, MID and audio level, of which the last two
// are encrypted.
constexpr std::array<std::uint8_t, 12> kBlock = {0x22, 1, 2, 3, 0x41, 4, 5, 0x90, '0', 0xe0, 0x8c, 0};

EncryptedIds Ids() {
  EncryptedIds ids;
  static_cast<void>(ids.Add(9) && ids.Add(14));
  return ids;
}

void BM_RtpEncryptionMask(benchmark::State& state) {
  auto block = kBlock;
  const EncryptedIds ids = Ids();
  std::array<std::uint8_t, 12> mask{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(block);
    bool filled = FillEncryptionMask(ExtensionForm::kOneByte, block, ids, mask);
    benchmark::DoNotOptimize(filled);
    benchmark::DoNotOptimize(mask);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RtpEncryptionMask);

void Xor(benchmark::State& state, std::size_t keystream_size) {
  auto block = kBlock;
  const EncryptedIds ids = Ids();
  std::array<std::uint8_t, 12> keystream{};
  keystream.fill(0xa5);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(block);
    bool encrypted =
        XorEncryptedExtensions(ExtensionForm::kOneByte, ids, Bytes(keystream).first(keystream_size), block);
    benchmark::DoNotOptimize(encrypted);
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_RtpXorEncryptedExtensions(benchmark::State& state) { Xor(state, 12); }
BENCHMARK(BM_RtpXorEncryptedExtensions);
void BM_RtpXorEncryptedExtensionsRefuse(benchmark::State& state) { Xor(state, 11); }
BENCHMARK(BM_RtpXorEncryptedExtensionsRefuse);

// The longest walk: a block of 65532 bytes, all of it empty elements.
void BM_RtpEncryptionMaskOfTheLongestBlock(benchmark::State& state) {
  static std::array<std::uint8_t, 65'532> block{}, mask{};
  for (std::size_t i = 0; i < block.size(); i += 2) block[i] = 9;
  const EncryptedIds ids = Ids();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    bool filled = FillEncryptionMask(ExtensionForm::kTwoByte, block, ids, mask);
    benchmark::DoNotOptimize(filled);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(block.size()));
}
BENCHMARK(BM_RtpEncryptionMaskOfTheLongestBlock);

}  // namespace
}  // namespace mediacore::rtp
