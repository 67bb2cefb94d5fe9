#include "mediacore/codec/h266.h"

#include "../support/input.h"

// Parameter sets and picture headers of any bytes: numbers are within their
// ranges, and what is shown of a picture is part of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes bytes(data, size);
  for (int type = 0; type < 32; ++type) FUZZ_CHECK(!ToString(static_cast<H266NalType>(type)).empty());
  H266NalHeader header;
  if (H266NalHeader::Read(bytes, header)) {
    FUZZ_CHECK(header.bytes()[0] == data[0] && header.bytes()[1] == data[1]);
    FUZZ_CHECK(!IsIrap(header.type) || (IsSlice(header.type) && header.type != H266NalType::kGdr));
    FUZZ_CHECK(header.IsValid() == (data[0] < 128 && data[1] % 8 != 0));
    FUZZ_CHECK(header.IsLeftOut() >= header.reserved_bit);
  }
  // The first half may be an SPS, the second a PPS that stands under it.
  const auto sps = H266Sps::Parse(bytes);
  const auto pps = H266Pps::Parse(bytes.subspan(size / 2));
  if (!sps) {
    FUZZ_CHECK(ToString(sps.error()) != "h266: unknown");
  } else {
    FUZZ_CHECK(sps->id <= 15 && sps->max_sub_layers >= 1 && sps->max_sub_layers <= 7 && sps->chroma_format_idc <= 3);
    FUZZ_CHECK(sps->width >= 1 && sps->width <= sps->size.width);
    FUZZ_CHECK(sps->height >= 1 && sps->height <= sps->size.height);
    FUZZ_CHECK(*H266Sps::Parse(bytes) == *sps);
  }
  if (pps) {
    FUZZ_CHECK(pps->id <= 63 && pps->sps_id <= 15 && pps->size.width >= 1 && pps->size.height >= 1);
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    const H266Sps none;
    if (pps->ShownSize(sps ? *sps : none, width, height)) {
      FUZZ_CHECK(width >= 1 && width <= pps->size.width && height >= 1 && height <= pps->size.height);
    }
  }
  const auto picture = H266PictureHeader::Parse(bytes);
  if (picture) {
    FUZZ_CHECK(picture->pps_id <= 63 && (picture->inter_slices || picture->intra_slices));
    FUZZ_CHECK(picture->gdr <= picture->gdr_or_irap);
    FUZZ_CHECK(!IsSlice(header.type) || HasPictureHeader(bytes));
  } else {
    FUZZ_CHECK((picture.error() == H266Error::kNoPictureHeader) ==
               (size > 2 && IsSlice(header.type) && !HasPictureHeader(bytes)));
  }
  (void)IsH266KeyFrame(bytes);
  return 0;
}
