#include "mediacore/codec/h265.h"

#include "../support/input.h"

// Parameter sets and slice segments of any bytes: numbers are within their ranges,
// one parameter set read twice is the same, what is kept is what came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes bytes(data, size);
  for (int type = 0; type < 64; ++type) FUZZ_CHECK(!ToString(static_cast<H265NalType>(type)).empty());
  H265NalHeader header;
  if (H265NalHeader::Read(bytes, header)) {
    FUZZ_CHECK(header.bytes()[0] == data[0] && header.bytes()[1] == data[1]);
    FUZZ_CHECK(IsIrap(header.type) + IsSubLayerNonReference(header.type) + IsParameterSet(header.type) <= 1);
    FUZZ_CHECK(IsIrap(header.type) || !(IsIdr(header.type) || IsBla(header.type)));
    FUZZ_CHECK(IsSlice(header.type) || !(IsIrap(header.type) || IsLeading(header.type)));
    FUZZ_CHECK(IsLeading(header.type) || !IsRasl(header.type));
    FUZZ_CHECK(header.IsValid() == (data[0] < 128 && data[1] % 8 != 0));
  }
  const auto sps = H265Sps::Parse(bytes);
  if (!sps) {
    FUZZ_CHECK(ToString(sps.error()) != "h265 sps: unknown");
  } else {
    FUZZ_CHECK(header.type == H265NalType::kSps && header.layer_id == 0);
    FUZZ_CHECK(sps->id <= 15 && sps->vps_id <= 15 && sps->chroma_format_idc <= 3);
    FUZZ_CHECK(sps->max_sub_layers >= 1 && sps->max_sub_layers <= 7);
    FUZZ_CHECK(sps->width >= 1 && sps->width <= sps->coded_width);
    FUZZ_CHECK(sps->height >= 1 && sps->height <= sps->coded_height);
    const int block = 1 << sps->log2_min_coding_block_size;
    FUZZ_CHECK(sps->coded_width % block == 0 && sps->coded_height % block == 0);
    FUZZ_CHECK(sps->log2_coding_tree_block_size >= 4 && sps->log2_coding_tree_block_size <= 6);
    FUZZ_CHECK(sps->bit_depth_luma <= 16 && sps->bit_depth_chroma <= 16);
    FUZZ_CHECK(sps->max_dec_pic_buffering <= 16 && sps->reorder_depth() < sps->max_dec_pic_buffering);
    FUZZ_CHECK(sps->num_short_term_ref_pic_sets <= 64 && sps->min_spatial_segmentation_idc <= 4095);
    FUZZ_CHECK(sps->frame_rate() <= Frequency::Hertz(1000));
    const auto name = sps->codec_string();
    FUZZ_CHECK(name.view().starts_with("hvc1.") && name.view().size() <= 41);
    FUZZ_CHECK(*H265Sps::Parse(bytes) == *sps);
  }
  const auto vps = H265Vps::Parse(bytes);
  if (!vps) {
    FUZZ_CHECK(ToString(vps.error()) != "h265: unknown");
  } else {
    FUZZ_CHECK(vps->max_layers >= 1 && vps->max_layers <= 63 && vps->max_sub_layers <= 7);
  }
  const auto pps = H265Pps::Parse(bytes);
  if (pps) FUZZ_CHECK(pps->id <= 63 && pps->sps_id <= 15);
  const H265Pps plain{.num_extra_slice_header_bits = static_cast<std::uint8_t>(size % 8)};
  if (const auto slice = H265SliceSegmentHeader::Parse(bytes, &plain)) {
    FUZZ_CHECK(slice->pps_id <= 63);
    FUZZ_CHECK((slice->slice_type <= 2) == slice->first_slice_segment_in_pic);
    FUZZ_CHECK(H265SliceSegmentHeader::Parse(bytes)->pps_id == slice->pps_id);
  }

  H265ParameterSets sets;
  for (const Bytes unit : NalUnits(bytes)) {
    const std::uint32_t before = sets.generation();
    if (!sets.Store(unit)) {
      FUZZ_CHECK(sets.generation() == before);
      continue;
    }
    H265NalHeader of;
    FUZZ_CHECK(H265NalHeader::Read(unit, of) && IsParameterSet(of.type));
    const std::uint32_t after = sets.generation();
    FUZZ_CHECK(sets.Store(unit) && sets.generation() == after);
    if (of.type == H265NalType::kSps) FUZZ_CHECK(*H265Sps::Parse(sets.sps()) == *sets.parsed_sps());
    if (of.type == H265NalType::kPps) FUZZ_CHECK(*sets.FindPps(H265Pps::Parse(unit)->id) == *H265Pps::Parse(unit));
  }
  FUZZ_CHECK(sets.pps_count() <= H265ParameterSets::kMaxPps);
  (void)IsH265KeyFrame(bytes);
  return 0;
}
