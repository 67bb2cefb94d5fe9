#include "mediacore/codec/opus_multistream.h"

#include <vector>

#include "../support/input.h"

// The input is the number of streams, then a packet of them. Streams that come apart
// are Opus packets of one duration, and put together again are the packet, but for
// the one size that can be said in two ways.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  if (size == 0) return 0;
  const std::size_t streams = data[0];
  const Bytes packet = Bytes(data, size).subspan(1);
  const auto view = OpusMultistreamView::Parse(packet, streams);
  if (!view) {
    FUZZ_CHECK(ToString(view.error()) != ToString(OpusMultistreamError{99}));
    return 0;
  }
  std::vector<std::vector<std::uint8_t>> alone;
  OpusMultistreamView walk = *view;
  std::size_t bytes = 0;
  for (OpusStreamPacket stream; walk.Next(stream);) {
    std::vector<std::uint8_t>& out = alone.emplace_back(stream.WireSize());
    FUZZ_CHECK(stream.head().size() + stream.rest().size() == out.size());
    FUZZ_CHECK(stream.Write(out));
    const auto parsed = OpusPacketView::Parse(out);
    FUZZ_CHECK(parsed && parsed->samples() == view->samples() && parsed->frame_count() == stream.view().frame_count());
    bytes += walk.left() > 0 ? stream.DelimitedSize() : stream.WireSize();
  }
  FUZZ_CHECK(alone.size() == streams && bytes == packet.size());
  const std::vector<Bytes> packets(alone.begin(), alone.end());
  const OpusMultistreamWriter writer{packets};
  std::vector<std::uint8_t> again(writer.WireSize());
  FUZZ_CHECK(again.size() == packet.size() && writer.Write(again));
  FUZZ_CHECK(std::equal(again.begin(), again.end(), packet.begin()));
  FUZZ_CHECK(IsOpusChannelMapping(streams, 0, Bytes(data, 1)) == (streams == 255));
  return 0;
}
