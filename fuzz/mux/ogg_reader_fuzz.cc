#include "mediacore/mux/ogg_reader.h"

#include <vector>

#include "../support/input.h"

// Any bytes, with the checksums they have and with those of everything that looks like a
// page put right: cut anywhere, they give the same packets and counts; what comes
// out is not more than what went in, and every byte is accounted for.
namespace {
using namespace mediacore;
using namespace mediacore::mux;

struct Told {
  std::uint64_t digest = 0;
  std::uint64_t first_damage = 0;
  OggReader::Stats stats;
  bool operator==(const Told& o) const {
    return digest == o.digest && first_damage == o.first_damage && std::memcmp(&stats, &o.stats, sizeof stats) == 0;
  }
};

Told ReadAll(Bytes file, std::size_t piece) {
  static std::array<std::uint8_t, kOggMaxPageSize> page;
  std::array<std::uint8_t, 4 * 700> packets;
  OggReader reader(page, packets);
  Told told;
  std::size_t given = 0;
  const auto mix = [&told](std::uint64_t value) { told.digest = told.digest * 1'099'511'628'211 + value + 1; };
  for (std::size_t at = 0; at < file.size(); at += std::min(piece, file.size() - at)) {
    reader.Read(file.subspan(at, std::min(piece, file.size() - at)), [&](const OggPacket& packet) {
      given += packet.data.size();
      const bool put_together = !packet.data.empty() && packet.data.data() >= packets.data() &&
                                packet.data.data() < packets.data() + packets.size();
      FUZZ_CHECK(!put_together || packet.data.size() <= packets.size() / OggReader::kMaxStreams);
      mix(packet.serial);
      mix(packet.number);
      mix(static_cast<std::uint64_t>(packet.granule_position));
      mix(packet.begins_stream * 4u + packet.ends_stream * 2u + packet.lost_before);
      mix(packet.data.size());
      for (const std::uint8_t byte : packet.data) mix(byte);
    });
  }
  reader.Finish();
  FUZZ_CHECK(given <= file.size());
  FUZZ_CHECK(reader.offset() + reader.stats().truncated_bytes == file.size());
  FUZZ_CHECK(reader.damaged() || reader.stats().skipped_bytes + reader.stats().truncated_bytes +
                                         reader.stats().lost_pages + reader.stats().dropped_packets ==
                                     0);
  told.stats = reader.stats();
  told.first_damage = reader.first_damage();
  return told;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> file(data, data + size);
  for (int round = 0; round < 2; ++round) {
    const Told whole = ReadAll(file, SIZE_MAX);
    FUZZ_CHECK(ReadAll(file, 1) == whole);
    FUZZ_CHECK(ReadAll(file, 29) == whole);
    FUZZ_CHECK(ReadAll(file, 300) == whole);
    for (std::size_t at = 0; at + kOggHeaderSize <= size;) {
      const MutableBytes rest = MutableBytes(file).subspan(at);
      const auto page = OggPageView::Parse(rest);
      if (!page && page.error() == OggPageError::kBadChecksum) {
        StoreLittleU32(rest.data() + 22, OggPageView::Checksum(rest.first(OggPageView::SizeNeeded(rest))));
        at += OggPageView::SizeNeeded(rest);
      } else {
        at += page ? page->size() : 1;
      }
    }
  }
  return 0;
}
