#include "mediacore/capture/datagram.h"

#include <array>

#include "../support/read_view.h"
#include "mediacore/capture/pcap_writer.h"

namespace mediacore::capture {
namespace {

// 1,200 bytes of UDP over IPv4 on Ethernet; refused: it is TCP.
void BM_Datagram(benchmark::State& state) {
  constexpr std::array<std::uint8_t, 1200> kPayload{};
  constexpr std::array<std::uint8_t, 4> kLoopback = {127, 0, 0, 1};
  const IpAddress ip = IpAddress::FromV4(kLoopback.data());
  std::array<std::uint8_t, 1300> record{};
  const PcapWriter writer;
  const std::size_t size = writer.WriteDatagram(0, {{ip, 5004}, {ip, 6004}, kPayload}, record);
  std::array<std::uint8_t, 14 + 1228> packet{};
  if (size != 16 + packet.size()) return bench::Fail(state, "another size");
  std::copy_n(record.data() + 16,  // behind the record's header
              packet.size(), packet.data());
  const bool taken = state.range(0) == 0;
  if (!taken) packet[14 + 9] = 6;
  bench::ReadView(state, packet, taken, [](Bytes bytes) { return Datagram::Parse(LinkType::kEthernet, bytes); });
}
BENCHMARK(BM_Datagram)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mediacore::capture
