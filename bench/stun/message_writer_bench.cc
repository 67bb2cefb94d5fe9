#include "mediacore/stun/message_writer.h"

#include <benchmark/benchmark.h>

#include "../../tests/support/stun_vectors.h"
#include "../support/heap_count.h"
#include "../support/libnice.h"
#include "../support/peer.h"

namespace mediacore::stun {
namespace {

constexpr TransactionId kId{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
constexpr std::string_view kName = "evtj:h6vY";

// The attributes of a check, without its tags.
bool WriteCheck(MutableBytes out) {
  MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
  writer.Add(Username{testing::TextBytes(kName)});
  writer.Add(Priority{0x6e0001ff});
  writer.Add(IceControlling{0x932ff9b151263b36});
  writer.Add(UseCandidate{});
  return writer.ok();
}

void BM_StunCheckWrite(benchmark::State& state) {
  std::array<std::uint8_t, 128> out{};
  const MutableBytes room = MutableBytes(out).first(static_cast<std::size_t>(state.range(0)));
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    bool written = WriteCheck(room);
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_StunCheckWrite)->Arg(128)->Arg(40);  // 40: there is no room

void BM_StunCheckWriteWithFingerprint(benchmark::State& state) {
  std::array<std::uint8_t, 128> out{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    MessageWriter writer(out, MessageClass::kRequest, Method::kBinding, kId);
    writer.Add(Username{testing::TextBytes(kName)});
    writer.Add(Priority{0x6e0001ff});
    writer.AddFingerprint();
    bool written = writer.ok();
    benchmark::DoNotOptimize(written);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_StunCheckWriteWithFingerprint);

#if MEDIACORE_HAVE_LIBNICE
void BM_StunCheckWriteAgainstLibnice(benchmark::State& state) {
  std::array<std::uint8_t, 128> ours{}, theirs{};
  StunAgent agent = bench::MakeNiceAgent(0);
  bench::CompareWithPeer(
      state,
      [&] {
        bool written = WriteCheck(ours);
        benchmark::DoNotOptimize(written);
        benchmark::ClobberMemory();
      },
      [&] {
        StunMessage message = bench::NiceMessage(agent, theirs);
        bool written = stun_message_init(&message, STUN_REQUEST, STUN_BINDING, kId.bytes.data());
        written &= stun_message_append_bytes(&message, STUN_ATTRIBUTE_USERNAME, kName.data(), kName.size()) ==
                   STUN_MESSAGE_RETURN_SUCCESS;
        written &= stun_message_append32(&message, STUN_ATTRIBUTE_PRIORITY, 0x6e0001ff) == STUN_MESSAGE_RETURN_SUCCESS;
        written &= stun_message_append64(&message, STUN_ATTRIBUTE_ICE_CONTROLLING, 0x932ff9b151263b36) ==
                   STUN_MESSAGE_RETURN_SUCCESS;
        written &= stun_message_append_flag(&message, STUN_ATTRIBUTE_USE_CANDIDATE) == STUN_MESSAGE_RETURN_SUCCESS;
        benchmark::DoNotOptimize(written);
        benchmark::ClobberMemory();
      });
}
BENCHMARK(BM_StunCheckWriteAgainstLibnice)->Iterations(50);
#endif

}  // namespace
}  // namespace mediacore::stun
