#include "mediacore/rtp/video_layers_allocation.h"

#include <vector>

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Layers that read come in order, are of streams that there are, and are written
// in as many bytes or, where a number or the masks were longer than they had to
// be, in fewer, which write back exactly.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using rtp::VideoLayersAllocation;
  const auto allocation = VideoLayersAllocation::Parse({data, size});
  if (!allocation) {
    FUZZ_CHECK(static_cast<int>(allocation.error()) < rtp::kVideoLayersAllocationErrorCount);
    FUZZ_CHECK(!ToString(allocation.error()).empty());
    return 0;
  }
  FUZZ_CHECK(allocation->layer_count <= VideoLayersAllocation::kMaxLayers);
  FUZZ_CHECK((allocation->layer_count == 0) == (size == 1));
  FUZZ_CHECK(allocation->rtp_stream_index < allocation->rtp_stream_count);
  int before = -1;
  std::size_t rates = 0;
  VideoLayersAllocation by_hand;
  by_hand.rtp_stream_index = allocation->rtp_stream_index;
  by_hand.rtp_stream_count = allocation->rtp_stream_count;
  by_hand.has_resolutions = allocation->has_resolutions;
  for (const auto& layer : allocation->active_layers()) {
    const int at = layer.rtp_stream_index * 4 + layer.spatial_id;
    FUZZ_CHECK(at > before && layer.rtp_stream_index < allocation->rtp_stream_count && layer.spatial_id < 4);
    before = at;
    FUZZ_CHECK(layer.temporal_layer_count >= 1 && layer.temporal_layer_count <= 4);
    FUZZ_CHECK(layer.target_rate().IsFinite() && layer.target_rate() >= DataRate::Zero());
    FUZZ_CHECK((layer.width > 0) == allocation->has_resolutions);
    rates += layer.temporal_layer_count;
    FUZZ_CHECK(by_hand.Add(layer));
  }
  FUZZ_CHECK(by_hand == *allocation && rates <= size);
  std::vector<std::uint8_t> out(allocation->WireSize(), 0xee);
  FUZZ_CHECK(!out.empty() && out.size() <= size && allocation->Write(out));
  const auto again = VideoLayersAllocation::Parse(out);
  FUZZ_CHECK(again && *again == *allocation);
  if (out.size() <= 255) FUZZ_CHECK(testing::ReadsAndWritesBack<VideoLayersAllocation>(out));

  if (by_hand.layer_count == 0) return 0;
  const auto refused = [&](auto&& change) {
    VideoLayersAllocation other = by_hand;
    change(other, other.layers[other.layer_count - 1u]);
    FUZZ_CHECK(testing::CannotBeWritten(other));
  };
  refused([](auto& a, auto&) { a.rtp_stream_index = a.rtp_stream_count; });
  refused([](auto&, auto& last) { last.spatial_id = 4; });
  refused([](auto&, auto& last) { last.temporal_layer_count = 0; });
  refused([](auto&, auto& last) { last.target_rates[0] = DataRate::PlusInfinity(); });
  refused([](auto& a, auto& last) { a.has_resolutions = true, last.height = 0; });
  if (by_hand.layer_count > 1) refused([](auto& a, auto& last) { a.layers[0] = last; });
  return 0;
}
