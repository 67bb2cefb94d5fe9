#include "mediacore/capture/capture_reader.h"

#include <algorithm>
#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/capture/pcap_writer.h"

namespace mediacore::capture {
namespace {

constexpr std::array<std::uint8_t, 1200> kPayload{};

Datagram MakeDatagram(bool v4) {
  std::array<std::uint8_t, 16> address{0x20, 1, 0x0d, 0xb8};
  const IpAddress ip = v4 ? IpAddress::FromV4(address.data()) : IpAddress::FromV6(address.data());
  return {{ip, 5004}, {ip, 6004}, kPayload};
}

// A pcap file of so many megabytes, 1,200 bytes of payload each.
std::vector<std::uint8_t> MakePcap(std::int64_t megabytes, bool v4) {
  const PcapWriter writer;
  const Datagram datagram = MakeDatagram(v4);
  std::vector<std::uint8_t> file(static_cast<std::size_t>(megabytes) << 20);
  std::size_t at = writer.WriteFileHeader(file);
  while (at + writer.WireSize(datagram) <= file.size()) {
    at += writer.WriteDatagram(1'600'000'000'000'000'000, datagram, MutableBytes(file).subspan(at));
  }
  file.resize(at);
  return file;
}

// The same as pcapng.
std::vector<std::uint8_t> MakePcapng(std::int64_t megabytes) {
  std::vector<std::uint8_t> file;
  const auto put = [&](std::uint32_t v) {
    for (int shift = 24; shift >= 0; shift -= 8) file.push_back(static_cast<std::uint8_t>(v >> shift));
  };
  for (const std::uint32_t v : {0x0a0d0d0au, 28u, 0x1a2b3c4du, 0x10000u, ~0u, ~0u, 28u}) put(v);
  for (const std::uint32_t v : {1u, 20u, 0x10000u, 0u, 20u}) put(v);
  const auto pcap = MakePcap(1, true);
  Record record;
  auto reader = *CaptureReader::Open(pcap);
  if (!reader.Next(record)) return {};
  const auto size = static_cast<std::uint32_t>(record.packet.size());
  const std::uint32_t padding = (4 - size % 4) % 4;
  while (file.size() < static_cast<std::size_t>(megabytes) << 20) {
    for (const std::uint32_t v : {6u, size + padding + 32, 0u, 0x5'0000u, 0u, size, size}) put(v);
    file.insert(file.end(), record.packet.begin(), record.packet.end());
    file.insert(file.end(), padding, 0);
    put(size + padding + 32);
  }
  return file;
}

// From the file to the payload of UDP; the packets' own bytes are not touched.
// The argument is the size in megabytes: in the cache, or not.
void ReadFile(benchmark::State& state, const std::vector<std::uint8_t>& file) {
  std::int64_t packets = 0;
  std::size_t bytes = 0;
  {
    const bench::HeapCount heap(state);
    for (auto _ : state) {
      CaptureReader reader = *CaptureReader::Open(file);
      Record record;
      while (reader.Next(record)) {
        const auto datagram = Datagram::Parse(record.link_type, record.packet);
        if (datagram) bytes += datagram->payload.size() + datagram->destination.port;
        ++packets;
      }
    }
  }
  benchmark::DoNotOptimize(bytes);
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.size()));
  state.counters["per_packet"] = benchmark::Counter(
      static_cast<double>(packets), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
void BM_CapturePcap(benchmark::State& state) { ReadFile(state, MakePcap(state.range(0), true)); }
void BM_CapturePcapIpv6(benchmark::State& state) { ReadFile(state, MakePcap(state.range(0), false)); }
void BM_CapturePcapng(benchmark::State& state) { ReadFile(state, MakePcapng(state.range(0))); }
BENCHMARK(BM_CapturePcap)->Arg(1)->Arg(128);
BENCHMARK(BM_CapturePcapIpv6)->Arg(1)->Arg(128);
BENCHMARK(BM_CapturePcapng)->Arg(1)->Arg(128);

// What is not UDP costs no more.
void BM_CaptureRefuseTcp(benchmark::State& state) {
  auto file = MakePcap(state.range(0), true);
  const std::size_t record = PcapWriter().WireSize(MakeDatagram(true));
  for (std::size_t at = 24; at + record <= file.size(); at += record) file[at + 16 + 14 + 9] = 6;
  ReadFile(state, file);
}
BENCHMARK(BM_CaptureRefuseTcp)->Arg(1);

void BM_CaptureRefuseFile(benchmark::State& state) {
  std::array<std::uint8_t, 1200> noise{};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(noise.data());
    bool ok = CaptureReader::Open(noise).has_value();
    benchmark::DoNotOptimize(ok);
  }
}
BENCHMARK(BM_CaptureRefuseFile);

void BM_CaptureWrite(benchmark::State& state) {
  const PcapWriter writer;
  const Datagram datagram = MakeDatagram(true);
  std::array<std::uint8_t, 1400> out;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t size = writer.WriteDatagram(1'600'000'000'000'000'000, datagram, out);
    benchmark::DoNotOptimize(size);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_CaptureWrite);

}  // namespace
}  // namespace mediacore::capture
