#include "mediacore/stun/message_view.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../../tests/support/stun_vectors.h"
#include "../support/heap_count.h"
#include "../support/libnice.h"
#include "../support/peer.h"
#include "mediacore/stun/attributes.h"

namespace mediacore::stun {
namespace {

// A connectivity check of ICE: RFC 5769, section 2.1, six attributes.
std::vector<std::uint8_t> Check() { return {testing::kStunRequest.begin(), testing::kStunRequest.end()}; }

// What an agent reads of it.
std::uint64_t ReadCheck(Bytes datagram) {
  const auto message = MessageView::Parse(datagram);
  if (!message || message->message_class() != MessageClass::kRequest) return 0;
  std::uint64_t sum = 0;
  AttributeReader reader = message->reader();
  for (Attribute attribute; reader.Next(attribute);) {
    Username username;
    Priority priority;
    IceControlled controlled;
    switch (attribute.type) {
      case AttributeType::kUsername:
        sum += ReadAttribute(*message, attribute, username) ? username.value.size() : 0;
        break;
      case AttributeType::kPriority:
        sum += ReadAttribute(*message, attribute, priority) ? priority.value : 0;
        break;
      case AttributeType::kIceControlled:
        sum += ReadAttribute(*message, attribute, controlled) ? controlled.value : 0;
        break;
      case AttributeType::kUseCandidate:
        ++sum;
        break;
      default:
        break;
    }
  }
  return sum;
}

void Run(benchmark::State& state, std::vector<std::uint8_t> datagram) {
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    auto sum = ReadCheck(datagram);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_StunMessageParse(benchmark::State& state) {
  auto datagram = Check();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    benchmark::ClobberMemory();
    bool good = MessageView::Parse(datagram).has_value();
    benchmark::DoNotOptimize(good);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_StunMessageParse);

void BM_StunCheckRead(benchmark::State& state) { Run(state, Check()); }
BENCHMARK(BM_StunCheckRead);

void BM_StunCheckRefuse(benchmark::State& state) {
  auto datagram = Check();
  datagram[103] = 5;  // the last attribute runs past the end
  Run(state, datagram);
}
BENCHMARK(BM_StunCheckRefuse);

// The most that one message can ask for.
void BM_StunSixteenThousandAttributes(benchmark::State& state) {
  std::vector<std::uint8_t> datagram(65552);
  StoreU16(datagram.data() + 2, 65532);
  StoreU32(datagram.data() + 4, kMagicCookie);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(datagram.data());
    const auto message = MessageView::Parse(datagram);
    std::array<AttributeType, 16> unknown{};
    auto count = FindUnknownRequired(*message, [](AttributeType) { return false; }, unknown);
    benchmark::DoNotOptimize(count);
  }
  state.SetItemsProcessed(state.iterations() * 16'383);
}
BENCHMARK(BM_StunSixteenThousandAttributes);

#if MEDIACORE_HAVE_LIBNICE
void BM_StunCheckReadAgainstLibnice(benchmark::State& state) {
  auto datagram = Check();
  StunAgent agent = bench::MakeNiceAgent(0);
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(datagram.data());
        benchmark::ClobberMemory();
        auto sum = ReadCheck(datagram);
        benchmark::DoNotOptimize(sum);
      },
      [&] {
        benchmark::DoNotOptimize(datagram.data());
        benchmark::ClobberMemory();
        std::uint64_t sum = 0;
        if (stun_message_validate_buffer_length(datagram.data(), datagram.size(), true) !=
            static_cast<int>(datagram.size())) {
          return;
        }
        const StunMessage message = bench::NiceMessage(agent, datagram);
        if (stun_message_get_class(&message) != STUN_REQUEST) return;
        std::uint16_t size = 0;
        if (stun_message_find(&message, STUN_ATTRIBUTE_USERNAME, &size) != nullptr) sum += size;
        std::uint32_t priority = 0;
        if (stun_message_find32(&message, STUN_ATTRIBUTE_PRIORITY, &priority) == STUN_MESSAGE_RETURN_SUCCESS)
          sum += priority;
        std::uint64_t tie_breaker = 0;
        if (stun_message_find64(&message, STUN_ATTRIBUTE_ICE_CONTROLLED, &tie_breaker) == STUN_MESSAGE_RETURN_SUCCESS) {
          sum += tie_breaker;
        }
        if (stun_message_find_flag(&message, STUN_ATTRIBUTE_USE_CANDIDATE) == STUN_MESSAGE_RETURN_SUCCESS) ++sum;
        benchmark::DoNotOptimize(sum);
      });
}
BENCHMARK(BM_StunCheckReadAgainstLibnice)->Iterations(50);
#endif

}  // namespace
}  // namespace mediacore::stun
