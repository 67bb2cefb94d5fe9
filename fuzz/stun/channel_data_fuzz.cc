#include "mediacore/stun/channel_data.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

// A datagram is at most one message and three bytes; messages of a stream lie end
// to end in whole words; what reads is written the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::stun;
  const Bytes bytes(data, size);
  if (const auto view = ChannelDataView::Parse(bytes)) {
    const std::size_t used = 4 + view->data().size();
    FUZZ_CHECK(IsChannelNumber(view->channel()) && view->data().data() == data + 4);
    FUZZ_CHECK(used <= size && size - used <= 3);
    const ChannelDataWriter writer{view->channel(), view->data(), false};
    std::vector<std::uint8_t> out(writer.WireSize());
    FUZZ_CHECK(writer.Write(out) && std::ranges::equal(out, bytes.first(used)));
  } else {
    FUZZ_CHECK(static_cast<int>(view.error()) < kChannelDataErrorCount &&
               ToString(view.error()) != "channel data: unknown");
  }
  ByteReader reader(bytes);
  std::size_t taken = 0;
  while (const auto view = ChannelDataView::TakeFrom(reader)) {
    FUZZ_CHECK(view->data().data() == data + taken + 4);
    const ChannelDataWriter writer{view->channel(), view->data(), true};
    taken += writer.WireSize();
    FUZZ_CHECK(taken + reader.remaining() == size);
    if (taken > 4096) break;
    std::vector<std::uint8_t> out(writer.WireSize());
    FUZZ_CHECK(writer.Write(out));
    ByteReader again(out);
    const auto same = ChannelDataView::TakeFrom(again);
    FUZZ_CHECK(same && again.empty() && std::ranges::equal(same->data(), view->data()));
  }
  return 0;
}
