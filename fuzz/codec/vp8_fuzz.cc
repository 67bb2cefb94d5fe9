#include "mediacore/codec/vp8.h"

#include <vector>

#include "../support/input.h"

namespace mediacore::codec {
namespace {

// Whatever the numbers: what is written reads back the same.
void WriteAny(fuzz::Input input) {
  const std::uint8_t flags = input.U8();
  Vp8Descriptor descriptor;
  descriptor.non_reference = (flags & 1) != 0;
  descriptor.layer_sync = (flags & 2) != 0;
  descriptor.long_picture_id = (flags & 4) != 0 || (flags & 8) == 0;
  descriptor.partition_id = input.U8() & 15;
  if ((flags & 8) != 0) descriptor.picture_id = input.U16();
  if ((flags & 16) != 0) descriptor.tl0picidx = input.U8();
  if ((flags & 32) != 0) descriptor.temporal_id = input.U8() & 7;
  if ((flags & 64) != 0) descriptor.key_index = input.U8() & 63;
  std::vector<std::uint8_t> out(Vp8Descriptor::kMaxSize);
  const bool written = descriptor.Write(out);
  FUZZ_CHECK(written == (descriptor.WireSize() != 0) && descriptor.WireSize() <= out.size());
  out.resize(descriptor.WireSize());
  ByteReader reader(out);
  if (written) FUZZ_CHECK(Vp8DescriptorView::TakeFrom(reader)->values() == descriptor && reader.empty());

  Vp8FrameHeader header;
  header.key_frame = (flags & 128) != 0;
  header.version = input.U8() & 15;
  header.first_partition_size = std::uint32_t{input.U16()} << (flags & 7);
  header.width = input.U16();
  header.height = input.U16();
  out.resize(Vp8FrameHeader::kKeyFrameSize);
  if (!header.Write(out)) {
    FUZZ_CHECK(header.WireSize() == 0);
  } else if (header.key_frame) {
    FUZZ_CHECK(*Vp8FrameHeader::Parse(out) == header);
  }
}

}  // namespace
}  // namespace mediacore::codec

// What a descriptor or a frame header says can be written again and reads the
// same, in no more bytes; numbers are within their ranges; what is cut short
// consumes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  WriteAny(fuzz::Input(data, size));
  ByteReader reader({data, size});
  const auto view = Vp8DescriptorView::TakeFrom(reader);
  const std::size_t taken = size - reader.remaining();
  FUZZ_CHECK(view.has_value() == (taken > 0) && taken <= Vp8Descriptor::kMaxSize);
  if (!view) {
    FUZZ_CHECK(ToString(view.error()).starts_with("vp8: "));
    FUZZ_CHECK(size < Vp8Descriptor::kMaxSize && (view.error() == Vp8Error::kEmpty) == (size == 0));
    return 0;
  }
  FUZZ_CHECK(view->size() == taken && view->partition_id() <= 7 && view->picture_id() <= 0x7fff);
  FUZZ_CHECK(view->temporal_id() <= 3 && view->key_index() <= 31);
  const Vp8Descriptor descriptor = view->values();
  std::vector<std::uint8_t> back(descriptor.WireSize());
  FUZZ_CHECK(!back.empty() && back.size() <= taken && descriptor.Write(back));
  ByteReader again(back);
  FUZZ_CHECK(Vp8DescriptorView::TakeFrom(again)->values() == descriptor && again.empty());
  for (std::size_t n = 0; n < taken; ++n) {
    ByteReader cut({data, n});
    FUZZ_CHECK(!Vp8DescriptorView::TakeFrom(cut) && cut.remaining() == n);
  }

  const Bytes frame = reader.rest();
  const auto header = Vp8FrameHeader::Parse(frame);
  if (!header) {
    FUZZ_CHECK(ToString(header.error()).starts_with("vp8: "));
    FUZZ_CHECK(frame.size() < Vp8FrameHeader::kSize || (frame[0] & 1) == 0);
    FUZZ_CHECK((header.error() == Vp8Error::kTruncated) ==
               (frame.size() < Vp8FrameHeader::kSize ||
                ((frame[0] & 1) == 0 && frame.size() < Vp8FrameHeader::kKeyFrameSize)));
    return 0;
  }
  FUZZ_CHECK(header->key_frame == (header->width > 0) && header->key_frame == (header->height > 0));
  std::vector<std::uint8_t> written(header->WireSize());
  FUZZ_CHECK(!written.empty() && header->Write(written));
  FUZZ_CHECK(std::equal(written.begin(), written.end(), frame.begin()));
  FUZZ_CHECK(*Vp8FrameHeader::Parse(written) == *header);
  return 0;
}
