#include "mediacore/codec/vp9_frame_header.h"

#include <vector>

#include "../../tests/support/vpx_maker.h"
#include "../support/input.h"

// A header that reads can be written as the specification has it, and then differs
// from the input in bits alone that mean nothing here: reset_frame_context and the
// signs of references. Where it is cut, it is refused; what lies behind it, does
// not matter.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes frame(data, size);
  const auto header = Vp9FrameHeader::Parse(frame);
  if (!header) {
    FUZZ_CHECK(ToString(header.error()).starts_with("vp9 frame: "));
    FUZZ_CHECK(header.error() != Vp9FrameHeaderError::kTruncated || size < Vp9FrameHeader::kMaxSize);
    FUZZ_CHECK((header.error() == Vp9FrameHeaderError::kBadMarker) == (size > 0 && data[0] >> 6 != 2));
    return 0;
  }
  FUZZ_CHECK(header->profile <= 3 && header->frame_to_show <= 7 && header->width <= 65536 && header->height <= 65536);
  FUZZ_CHECK((header->width == 0) == (header->height == 0) && !(header->key_frame && header->intra_only));
  FUZZ_CHECK((header->width == 0) == (header->show_existing_frame || header->size_of_reference >= 0));
  FUZZ_CHECK(header->size_of_reference >= -1 && header->size_of_reference <= 2);
  FUZZ_CHECK(!header->is_intra() || header->width > 0);
  FUZZ_CHECK(header->render_width == 0 ? header->width == 0 && header->render_height == 0 : header->render_height > 0);
  FUZZ_CHECK(header->color.bit_depth == 8 || (header->profile >= 2 && header->color.bit_depth <= 12));
  for (const std::uint8_t reference : header->references) FUZZ_CHECK(reference <= 7);

  std::vector<std::uint8_t> written(Vp9FrameHeader::kMaxSize);
  written.resize(testing::WriteVp9Header(*header, written));
  FUZZ_CHECK(!written.empty() && written.size() <= size);
  FUZZ_CHECK(*Vp9FrameHeader::Parse(written) == *header);
  FUZZ_CHECK(written[0] == data[0] || written.size() == 1);
  for (std::size_t n = 0; n < written.size(); ++n) {
    FUZZ_CHECK(Vp9FrameHeader::Parse(Bytes(written).first(n)).error() == Vp9FrameHeaderError::kTruncated);
  }
  return 0;
}
