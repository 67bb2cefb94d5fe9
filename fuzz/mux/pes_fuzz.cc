#include "mediacore/mux/pes.h"

#include "../support/input.h"

// A head lies within its bytes; times have 33 bits and read the same when
// written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::mux;
  const auto header = PesHeaderView::Parse({data, size});
  if (!header) {
    FUZZ_CHECK(!ToString(header.error()).empty());
    return 0;
  }
  FUZZ_CHECK(header->size() >= 9 && header->size() <= size);
  FUZZ_CHECK(header->pts() >= 0 && header->pts() >> 33 == 0);
  FUZZ_CHECK(header->dts() >= 0 && header->dts() >> 33 == 0);
  FUZZ_CHECK(!header->has_payload_size() || header->payload_size() <= 65'535 - 3);
  if (!header->has_pts()) return 0;
  std::array<std::uint8_t, PesHeaderWriter::kMaxSize> bytes{};
  const PesHeaderWriter writer(header->stream_id(), header->pts(), header->dts());
  const std::size_t payload = header->has_payload_size() ? header->payload_size() : 70'000;
  FUZZ_CHECK(writer.Write(payload, bytes) == writer.WireSize());
  const auto again = PesHeaderView::Parse(bytes);
  FUZZ_CHECK(again && again->size() == writer.WireSize());
  FUZZ_CHECK(again->pts() == header->pts() && again->dts() == header->dts());
  FUZZ_CHECK(again->stream_id() == header->stream_id());
  FUZZ_CHECK(!again->has_payload_size() || again->payload_size() == payload);
  return 0;
}
