#include "mediacore/crypto/digest.h"

#include <benchmark/benchmark.h>

#include "../../tests/support/stun_vectors.h"
#include "../support/heap_count.h"
#include "mediacore/stun/integrity.h"

namespace mediacore::crypto {
namespace {

using testing::TextBytes;

// The key of long-term credentials; and one of a size that the hash does not have.
void BM_StunLongTermKey(benchmark::State& state) {
  auto md5 = Digest::Create(HashAlgorithm::kMd5);
  std::array<std::uint8_t, 16> key{};
  const MutableBytes out = MutableBytes(key).first(static_cast<std::size_t>(state.range(0)));
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    bool made = stun::MakeLongTermKey(TextBytes(testing::kStunUsername), TextBytes(testing::kStunRealm),
                                      TextBytes(testing::kStunLongTermPassword), *md5, out);
    benchmark::DoNotOptimize(made);
    benchmark::DoNotOptimize(key);
  }
}
BENCHMARK(BM_StunLongTermKey)->Arg(16)->Arg(8);

}  // namespace
}  // namespace mediacore::crypto
