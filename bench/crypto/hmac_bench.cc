#include "mediacore/crypto/hmac.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../../tests/support/stun_vectors.h"
#include "../support/heap_count.h"
#include "../support/libnice.h"
#include "../support/peer.h"
#include "mediacore/stun/integrity.h"

namespace mediacore::crypto {
namespace {

using testing::TextBytes;

// MESSAGE-INTEGRITY of a check, 76 bytes; with the right password and another.
void BM_StunMessageIntegrityVerify(benchmark::State& state) {
  const auto request = testing::kStunRequest;
  const auto message = stun::MessageView::Parse(request);
  auto hmac = Hmac::Create(HashAlgorithm::kSha1, TextBytes(state.range(0) != 0 ? testing::kStunPassword : "other"));
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    auto verdict = stun::VerifyMessageIntegrity(*message, *hmac);
    benchmark::DoNotOptimize(verdict);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_StunMessageIntegrityVerify)->Arg(1)->Arg(0);

void BM_HmacSha256(benchmark::State& state) {
  auto hmac = Hmac::Create(HashAlgorithm::kSha256, TextBytes(testing::kStunPassword));
  const std::vector<std::uint8_t> bytes(static_cast<std::size_t>(state.range(0)));
  const std::array parts = {Bytes(bytes)};
  std::array<std::uint8_t, 32> digest{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    bool done = (*hmac)(parts, digest);
    benchmark::DoNotOptimize(done);
    benchmark::DoNotOptimize(digest);
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_HmacSha256)->Arg(100)->Arg(16384);

#if MEDIACORE_HAVE_LIBNICE
bool GivePassword(StunAgent*, StunMessage*, std::uint8_t*, std::uint16_t, std::uint8_t** password,
                  std::size_t* size, void*) {
  static std::uint8_t bytes[22];
  testing::kStunPassword.copy(reinterpret_cast<char*>(bytes), sizeof bytes);
  *password = bytes;
  *size = sizeof bytes;
  return true;
}

// A whole check: that it is one, its FINGERPRINT, its MESSAGE-INTEGRITY.
void BM_StunCheckVerifyAgainstLibnice(benchmark::State& state) {
  auto request = testing::kStunRequest;
  auto hmac = Hmac::Create(HashAlgorithm::kSha1, TextBytes(testing::kStunPassword));
  StunAgent agent = bench::MakeNiceAgent(STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
  bool ours = false, theirs = false;
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(request.data());
        benchmark::ClobberMemory();
        const auto message = stun::MessageView::Parse(request);
        ours = message && stun::VerifyFingerprint(*message) == stun::Verdict::kValid &&
               stun::VerifyMessageIntegrity(*message, *hmac) == stun::Verdict::kValid;
        benchmark::DoNotOptimize(ours);
      },
      [&] {
        benchmark::DoNotOptimize(request.data());
        benchmark::ClobberMemory();
        StunMessage message{};
        theirs = stun_agent_validate(&agent, &message, request.data(), request.size(), GivePassword, nullptr) ==
                 STUN_VALIDATION_SUCCESS;
        benchmark::DoNotOptimize(theirs);
      });
  if (!ours || !theirs) bench::Fail(state, "a good check was refused");
}
BENCHMARK(BM_StunCheckVerifyAgainstLibnice)->Iterations(50);
#endif

}  // namespace
}  // namespace mediacore::crypto
