#include "mediacore/rtp/flexfec.h"

#include "mediacore/rtp/packet_writer.h"
#include "repair.h"

namespace mediacore::rtp {
namespace {

constexpr std::array<std::uint8_t, 1100> kRepair{};
constexpr std::array kSsrcs{Ssrc(1), Ssrc(2)};

// Five packets of each of two streams, over 20 numbers.
const std::array kFlexible = [] {
  std::array<FlexFecStream, 2> streams;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i].ssrc = kSsrcs[i];
    streams[i].sn_base = SequenceNumber(65530);
    for (const int offset : {0, 1, 3, 6, 20}) static_cast<void>(streams[i].mask.Add(offset));
  }
  return streams;
}();
// A row of ten, and a column of ten.
const std::array kFixed = [] {
  std::array<FlexFecStream, 2> streams;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i].ssrc = kSsrcs[i];
    streams[i].sn_base = SequenceNumber(65530);
    streams[i].columns = 10;
    streams[i].rows = i == 0 ? 1 : 10;
  }
  return streams;
}();
const FlexFecWriter kWriter{{0x10e0, 1100, 5}, kFlexible, kRepair};
const FlexFecWriter kFixedWriter{{0x10e0, 1100, 5}, kFixed, kRepair};

std::vector<std::uint8_t> PacketOf(const FlexFecWriter& fec) {
  const auto payload = bench::Written(fec);
  PacketWriter packet;
  packet.csrcs = kSsrcs;
  packet.payload = payload;
  return bench::Written(packet);
}

std::uint64_t ReadNumbers(Bytes bytes) {
  std::uint64_t sum = 0;
  if (const auto fec = FlexFecView::Parse(*PacketView::Parse(bytes))) {
    for (const FlexFecStream& stream : *fec) {
      for (const SequenceNumber number : stream.packets()) sum += number.value();
    }
    sum += fec->recovery().length + fec->repair_payload().size();
  }
  return sum;
}

// With the packet around it.
void BM_RtpFlexFecRead(benchmark::State& state) { bench::ReadRepair(state, PacketOf(kWriter), true, ReadNumbers); }
BENCHMARK(BM_RtpFlexFecRead);

void BM_RtpFlexFecReadFixed(benchmark::State& state) {
  bench::ReadRepair(state, PacketOf(kFixedWriter), true, ReadNumbers);
}
BENCHMARK(BM_RtpFlexFecReadFixed);

void BM_RtpFlexFecRefuse(benchmark::State& state) {
  const auto bytes = PacketOf(kWriter);
  bench::ReadRepair(state, Bytes(bytes).first(43), false, ReadNumbers);  // within the second mask
}
BENCHMARK(BM_RtpFlexFecRefuse);

void BM_RtpFlexFecWrite(benchmark::State& state) { bench::WriteRepair(state, kWriter); }
BENCHMARK(BM_RtpFlexFecWrite);

}  // namespace
}  // namespace mediacore::rtp
