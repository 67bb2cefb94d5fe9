#include "mediacore/capture/rtpdump_writer.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"
#include "mediacore/capture/rtpdump_reader.h"

// Any address, any times and packets: what the writer takes, the reader gives back;
// what it refuses leaves the file as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::capture;
  fuzz::Input input(data, size);
  std::array<std::uint8_t, 16> address{};
  for (std::uint8_t& byte : address) byte = input.U8();
  const bool v4 = (input.U8() & 1) != 0;
  const Endpoint source{v4 ? IpAddress::FromV4(address.data()) : IpAddress::FromV6(address.data()), input.U16()};
  const std::int64_t start = (std::int64_t{input.U16()} << 46) + (std::int64_t{input.U16()} << 16) + input.U16();
  const RtpdumpWriter writer(source, start);
  std::vector<std::uint8_t> file(20'000);
  std::size_t at = writer.WriteFileHeader(file);
  FUZZ_CHECK(at <= RtpdumpWriter::kMaxFileHeaderSize);
  FUZZ_CHECK((at > 0) == (start / 1'000'000'000 <= 0xffffffff));
  struct Written {
    std::int64_t unix_ns;
    std::size_t size;
    std::size_t original;
    std::uint8_t fill;
  };
  std::vector<Written> written;
  while (!input.empty() && written.size() < 40) {
    const std::uint8_t kind = input.U8();
    const std::int64_t unix_ns = start + (std::int64_t{input.U16()} - 2) * ((kind & 2) != 0 ? 1'000'000'007 : 999'983);
    const std::vector<std::uint8_t> packet(input.U16() & 0x1ff, kind);
    const std::size_t original = (kind & 4) != 0 ? input.U16() : 0;
    const MutableBytes rest = MutableBytes(file).subspan(at);
    const std::size_t wrote = (kind & 1) != 0 ? writer.WriteRtcp(unix_ns, packet, rest)
                                              : writer.WriteRtp(unix_ns, packet, rest, original);
    FUZZ_CHECK(wrote == 0 || wrote == RtpdumpWriter::WireSize(packet));
    at += wrote;
    if (wrote > 0) written.push_back({unix_ns, packet.size(), (kind & 1) != 0 ? 0 : original, kind});
  }
  const auto opened = RtpdumpReader::Open(Bytes(file).first(at));
  FUZZ_CHECK(opened.has_value() == (start / 1'000'000'000 <= 0xffffffff));
  if (!opened) return 0;
  RtpdumpReader reader = *opened;
  const std::int64_t base = start / 1000 * 1000;
  Record record;
  for (const Written& w : written) {
    FUZZ_CHECK(reader.Next(record));
    FUZZ_CHECK(record.unix_ns >= base && w.unix_ns - record.unix_ns < 1'001'000 && record.unix_ns <= w.unix_ns);
    FUZZ_CHECK((record.unix_ns - base) % 1'000'000 == 0);
    FUZZ_CHECK(record.packet.size() == w.size && record.original_length == std::max(w.size, w.original));
    FUZZ_CHECK(std::count(record.packet.begin(), record.packet.end(), w.fill) == static_cast<std::ptrdiff_t>(w.size));
  }
  FUZZ_CHECK(!reader.Next(record) && reader.error() == CaptureError::kNone && reader.offset() == at);
  return 0;
}
