#include "mediacore/mux/ts_tables.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/mux/ts_section_buffer.h"

// The input, made a section with the right length and CRC, comes out of packets
// as it went in, however it is cut; as it is, packet by packet, it never gives
// more bytes of sections than went in, and tables end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const Bytes input(data, size);
  std::uint64_t errors = 0;
  std::size_t out = 0;
  const auto walk = [&](const TsSectionView& section) {
    out += section.body().size() + 12;
    FUZZ_CHECK(section.body().size() <= TsSectionView::kMaxSize - 12);
    std::uint16_t a = 0, b = 0;
    std::uint8_t type = 0;
    std::size_t entries = 0;
    TsPatReader pat(section.body());
    while (pat.Next(a, b)) ++entries;
    FUZZ_CHECK(entries == section.body().size() / 4);
    TsPmtReader pmt(section.body());
    for (entries = 0; pmt.Next(type, b); ++entries) FUZZ_CHECK(b <= kTsNullPid);
    FUZZ_CHECK(5 * entries <= section.body().size());
  };

  TsSectionBuffer raw;
  for (std::size_t at = 0; at + kTsPacketSize <= size; at += kTsPacketSize) {
    const auto packet = TsPacketView::Parse(input.subspan(at, kTsPacketSize));
    if (packet) raw.Push(*packet, errors, walk);
    else FUZZ_CHECK(!ToString(packet.error()).empty());
    if (const auto section = TsSectionView::Parse(input.subspan(at))) {
      FUZZ_CHECK(section->version() <= 31 && section->current() == ((input[at + 5] & 1) != 0));
    } else {
      FUZZ_CHECK(!ToString(section.error()).empty());
    }
  }
  FUZZ_CHECK(out <= size);

  const std::size_t body = std::min<std::size_t>(size, TsSectionView::kMaxSize - 12);
  std::vector<std::uint8_t> section(body + 12);
  std::copy_n(data, body, section.begin() + 8);
  section[1] = static_cast<std::uint8_t>(0xb0 | (section.size() - 3) >> 8);
  section[2] = static_cast<std::uint8_t>(section.size() - 3);
  StoreU32(section.data() + 8 + body, Crc32Mpeg(Bytes(section).first(8 + body)));
  const std::size_t step = 1 + (size > 0 ? data[0] : 0) % 182;
  TsSectionBuffer cut;
  std::size_t found = 0;
  int counter = 0;
  for (std::size_t at = 0; at < section.size(); ++counter) {
    const std::size_t n = std::min(step, section.size() - at);
    std::array<std::uint8_t, kTsPacketSize> packet{};
    packet.fill(0xff);
    StoreU32(packet.data(), 0x47000030u | (at == 0 ? 0x400000u : 0u) |
                                static_cast<std::uint32_t>(counter & 15));
    const std::size_t pointer = at == 0 ? 1 : 0;
    packet[4] = static_cast<std::uint8_t>(183 - n - pointer);
    if (pointer == 1) packet[187 - n] = 0;
    std::copy_n(section.begin() + static_cast<std::ptrdiff_t>(at), n, packet.end() - static_cast<std::ptrdiff_t>(n));
    at += n;
    cut.Push(*TsPacketView::Parse(packet), errors, [&](const TsSectionView& s) {
      ++found;
      FUZZ_CHECK(std::equal(s.body().begin(), s.body().end(), section.begin() + 8,
                            section.end() - 4));
      walk(s);
    });
  }
  FUZZ_CHECK(found == 1);
  return 0;
}
