#include "mediacore/mux/ogg_writer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/mux/ogg_opus_writer.h"
#include "mediacore/mux/ogg_reader.h"

// Any packets with any positions and page sizes, two streams side by side: they come
// out of the reader as they went in, nothing is damaged, and each ends once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  fuzz::Input input(data, size);
  static std::array<std::uint8_t, kOggMaxPageSize> pages[2], page;
  std::vector<std::uint8_t> file;
  const auto append = [&file](Bytes bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); };
  struct Written {
    std::size_t size;
    std::uint8_t fill;
    std::int64_t granule;
  };
  std::vector<Written> written[2];
  OggWriter plain({.serial = 0, .page_bytes = input.U16(), .page_granules = input.U16()}, pages[0]);
  OggOpusWriter opus({.serial = 1, .page_samples = input.U16(), .first_sample = input.U16()}, pages[1]);
  const std::vector<std::uint8_t> head(19, 1);
  plain.AddPacket(head, 0, append);
  plain.Flush(append);
  written[0].push_back({19, 1, 0});
  opus.Start(head, head, append);
  written[1].push_back({19, 1, 0});
  written[1].push_back({19, 1, 0});
  while (!input.empty() && written[0].size() + written[1].size() < 300 && file.size() < 150'000) {
    const std::uint8_t what = input.U8();
    const std::vector<std::uint8_t> packet(
        (what & 4) != 0 ? input.U16() >> (what & 16 ? 6 : 0) : what % 3 * 255u + what / 100u, what);
    if ((what & 1) != 0) {
      const std::int64_t granule = plain.granule_position() + input.U8();
      plain.AddPacket(packet, granule, append);
      written[0].push_back({packet.size(), what, granule});
      if ((what & 8) != 0) plain.Flush(append);
    } else {
      opus.AddPacket(packet, what * 120u, append);
      written[1].push_back({packet.size(), what, opus.samples()});
    }
  }
  const std::uint32_t trimmed = input.U16();
  plain.Finish(append);
  opus.Finish(trimmed, append);

  std::vector<std::uint8_t> packets(4 * 66'000);
  OggReader reader(page, packets);
  std::size_t next[2] = {};
  int ends = 0;
  reader.Read(file, [&](const OggPacket& packet) {
    FUZZ_CHECK(packet.serial < 2 && packet.number == next[packet.serial]);
    FUZZ_CHECK(next[packet.serial] < written[packet.serial].size());
    const Written& w = written[packet.serial][next[packet.serial]++];
    FUZZ_CHECK(packet.data.size() == w.size && !packet.lost_before);
    FUZZ_CHECK(std::count(packet.data.begin(), packet.data.end(), w.fill) == static_cast<std::ptrdiff_t>(w.size));
    FUZZ_CHECK(packet.begins_stream == (packet.number == 0));
    ends += packet.ends_stream;
    if (packet.granule_position == kOggNoGranule) return;
    FUZZ_CHECK(packet.ends_stream
                   ? packet.granule_position <= w.granule && packet.granule_position + trimmed >= w.granule
                   : packet.granule_position == w.granule);
  });
  reader.Finish();
  FUZZ_CHECK(next[0] == written[0].size() && next[1] == written[1].size());
  FUZZ_CHECK(!reader.damaged() && ends <= 2);
  return 0;
}
