#include "mediacore/mux/ts_reader.h"

#include <vector>

#include "../support/input.h"

// Any bytes: what comes out is not more than what went in, lies in the storage,
// and is the same whether the bytes come at once or in pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const Bytes input(data, size);
  std::vector<std::uint8_t> video(1200), audio(1000);
  std::size_t given = 0;
  std::uint64_t digest = 0;
  const auto sink = [&](const TsAccessUnit& unit) {
    const std::vector<std::uint8_t>& storage = unit.codec == Codec::kH264 ? video : audio;
    FUZZ_CHECK(unit.data.empty() ||
               (unit.data.data() >= storage.data() &&
                unit.data.data() + unit.data.size() <= storage.data() + storage.size()));
    FUZZ_CHECK(unit.codec == Codec::kH264 || unit.key_frame);
    given += unit.data.size();
    for (const std::uint8_t byte : unit.data) digest = digest * 31 + byte;
    digest = digest * 31 + static_cast<std::uint64_t>(unit.pts);
    digest = digest * 31 + static_cast<std::uint64_t>(unit.dts);
  };
  TsReader whole(video, audio);
  FUZZ_CHECK(size - whole.Read(input, sink) < kTsPacketSize);
  whole.Flush(sink);
  FUZZ_CHECK(given <= size);
  const std::uint64_t first = digest;

  digest = 0;
  TsReader pieces(video, audio);
  for (std::size_t at = 0, end = 0; end < size;) {
    end = std::min(size, end + 77);
    at += pieces.Read(input.subspan(at, end - at), sink);
  }
  pieces.Flush(sink);
  FUZZ_CHECK(digest == first);
  FUZZ_CHECK(pieces.stats().packets == whole.stats().packets);
  return 0;
}
