#ifndef MEDIACORE_TESTS_MUX_OGG_SUPPORT_H_
#define MEDIACORE_TESTS_MUX_OGG_SUPPORT_H_

#include <vector>

#include "mediacore/mux/ogg_reader.h"
#include "mediacore/mux/ogg_writer.h"
#include "support.h"

namespace mediacore::mux::testing {

using OggPageBuffer = std::array<std::uint8_t, kOggMaxPageSize>;

struct KeptPacket {
  std::uint32_t serial = 0;
  std::uint64_t number = 0;
  std::int64_t granule_position = 0;
  bool begins_stream = false;
  bool ends_stream = false;
  bool lost_before = false;
  Buffer data;
  bool operator==(const KeptPacket&) const = default;
};
struct OggOutcome {
  std::vector<KeptPacket> packets;
  OggReader::Stats stats;
  std::uint64_t first_damage = 0;
  bool operator==(const OggOutcome& o) const {
    return packets == o.packets && first_damage == o.first_damage && std::memcmp(&stats, &o.stats, sizeof stats) == 0;
  }
};
// Fed `piece` bytes at a time.
inline OggOutcome ReadOgg(Bytes file, std::size_t piece = SIZE_MAX, std::size_t storage = 400'000) {
  static OggPageBuffer page;
  Buffer packets(storage);
  OggReader reader(page, packets);
  OggOutcome outcome;
  for (Bytes rest = file; !rest.empty();) {
    const Bytes some = rest.first(std::min(piece, rest.size()));
    reader.Read(some, [&](const OggPacket& p) {
      outcome.packets.push_back({p.serial, p.number, p.granule_position, p.begins_stream, p.ends_stream, p.lost_before,
                                 Buffer(p.data.begin(), p.data.end())});
    });
    rest = rest.subspan(some.size());
  }
  reader.Finish();
  outcome.stats = reader.stats();
  outcome.first_damage = reader.first_damage();
  return outcome;
}
// The same however it is cut.
inline OggOutcome ReadOggAnySplit(Bytes file, std::size_t storage = 400'000) {
  const OggOutcome whole = ReadOgg(file, SIZE_MAX, storage);
  for (std::size_t piece = 1; piece < std::min<std::size_t>(file.size(), 400); ++piece) {
    EXPECT_TRUE(ReadOgg(file, piece, storage) == whole) << "in pieces of " << piece;
  }
  return whole;
}
// A sink that appends.
inline auto AppendTo(Buffer& file) {
  return [&file](Bytes page) { file.insert(file.end(), page.begin(), page.end()); };
}

}  // namespace mediacore::mux::testing

#endif  // MEDIACORE_TESTS_MUX_OGG_SUPPORT_H_
