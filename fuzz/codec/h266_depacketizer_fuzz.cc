#include "mediacore/codec/h266_depacketizer.h"

#include <vector>

#include "../support/input.h"

// The input is a row of packets: flags, timestamp, size, payload. Whatever they
// are, each frame is sound (its lengths add up to its bytes, each slice has a
// picture header at or before it, no delimiter or filler is there), and no more
// bytes come out than went in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  std::vector<std::uint8_t> storage(64 + input.U16() % 1024);
  H266Depacketizer depacketizer(storage);
  FUZZ_CHECK(H266Depacketizer(storage, 1).HandlePacket({RtpTimestamp(), true, false, {data, size}}) ==
             (size == 0 ? H266PayloadError::kNone : H266PayloadError::kDecodingOrder));
  H266Depacketizer with_set(storage);
  FUZZ_CHECK(with_set.AddParameterSet({data, size}) == (H266Sps::Parse({data, size}) || H266Pps::Parse({data, size})));
  std::uint64_t errors = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  std::uint64_t polled = 0;
  const auto poll = [&] {
    EncodedFrame frame;
    int frames = 0;
    while (depacketizer.PollFrame(frame)) {
      ++polled;
      FUZZ_CHECK(++frames <= 2);
      FUZZ_CHECK(!frame.data.empty() && frame.data.size() <= storage.size());
      bool picture = false;
      bool headed = false;
      std::size_t sum = 0;
      std::uint8_t highest = 0;
      for (const Bytes nal : NalUnits(frame.data)) {
        H266NalHeader header;
        FUZZ_CHECK(H266NalHeader::Read(nal, header) && header.IsValid());
        FUZZ_CHECK(!header.IsLeftOut() && static_cast<int>(header.type) < H266NalHeader::kAggregation);
        if (H266PictureHeader::Parse(nal)) headed = true;
        if (IsSlice(header.type)) {
          FUZZ_CHECK(headed);
          picture = true;
          highest = std::max(highest, header.layer_id);
        }
        sum += 4 + nal.size();
        bytes_out += nal.size();
      }
      FUZZ_CHECK(picture && sum == frame.data.size());
      FUZZ_CHECK(IsH266KeyFrame(frame.data) == frame.key_frame);
      FUZZ_CHECK(frame.spatial_id == highest && frame.temporal_id < 7);
      FUZZ_CHECK(frame.key_frame || frame.width == 0);
    }
  };
  while (!input.empty()) {
    const std::uint8_t flags = input.U8();
    const RtpTimestamp timestamp(flags >> 3 & 3);
    std::vector<std::uint8_t> payload(input.U8() % 200);
    for (std::uint8_t& byte : payload) byte = input.U8();
    bytes_in += payload.size();
    const auto checked = CheckH266Payload(payload);
    const auto error = depacketizer.HandlePacket({timestamp, (flags & 1) != 0, (flags & 2) != 0, payload});
    FUZZ_CHECK(checked == H266PayloadError::kNone || checked == error);
    FUZZ_CHECK(ToString(error) != "h266 payload: unknown");
    errors += error != H266PayloadError::kNone ? 1 : 0;
    if ((flags & 4) == 0) poll();
  }
  depacketizer.Flush();
  poll();
  const auto& counters = depacketizer.counters();
  FUZZ_CHECK(depacketizer.format().sps().max_sub_layers <= 7);
  FUZZ_CHECK(bytes_out <= bytes_in);
  FUZZ_CHECK(counters.frames == polled + counters.not_polled);
  FUZZ_CHECK(counters.packets - counters.errors[0] == errors);
  return 0;
}
