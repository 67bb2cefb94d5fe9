#include "mediacore/codec/hvcc.h"

#include <vector>

#include "../support/input.h"

// A record of any bytes: its NAL units lie inside it one behind the other, each of
// its array's type; a record made of them reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const auto view = HvccView::Parse({data, size});
  if (!view) {
    FUZZ_CHECK(ToString(view.error()) != "hvcC: unknown");
    return 0;
  }
  FUZZ_CHECK(view->nal_length_size() != 3 && view->min_spatial_segmentation_idc() < 4096);
  FUZZ_CHECK(view->chroma_format_idc() < 4 && view->num_temporal_layers() < 8 && view->parallelism_type() < 4);
  FUZZ_CHECK(view->avg_frame_rate() <= 65535 && view->constant_frame_rate() < 4);
  H265ParameterSets sets;
  const std::uint8_t* end = data + HvccView::kHeadSize;
  HvccView::Units units = view->units();
  for (Bytes nal; units.Next(nal);) {
    FUZZ_CHECK(nal.size() >= 2 && nal.data() >= end + 2 && nal.data() + nal.size() <= data + size);
    FUZZ_CHECK(H265NalTypeOf(nal[0]) == units.type());
    end = nal.data() + nal.size();
    (void)sets.Store(nal);
  }
  std::vector<std::uint8_t> record(HvccWriter::kMaxSize);
  std::size_t written = 0;
  const HvccWriter writer(sets, view->array_count() % 2 == 0);
  FUZZ_CHECK(writer.Write(record, written) == (writer.WireSize() != 0));
  if (writer.WireSize() == 0) return 0;
  FUZZ_CHECK(written == writer.WireSize());
  FUZZ_CHECK(!writer.Write(MutableBytes(record).first(written - 1), written));
  record.resize(writer.WireSize());
  const auto again = HvccView::Parse(record);
  FUZZ_CHECK(again && again->profile() == sets.parsed_sps()->profile && again->array_count() == 3);
  FUZZ_CHECK(again->temporal_id_nested() == sets.parsed_sps()->temporal_id_nesting);
  FUZZ_CHECK(again->bit_depth_chroma() == sets.parsed_sps()->bit_depth_chroma);
  FUZZ_CHECK(again->bit_depth_luma() == sets.parsed_sps()->bit_depth_luma);
  H265ParameterSets back;
  HvccView::Units written_units = again->units();
  for (Bytes nal; written_units.Next(nal);) {
    FUZZ_CHECK(back.Store(nal) && written_units.array_complete() == (view->array_count() % 2 == 0));
  }
  FUZZ_CHECK(back.complete() && back.pps_count() == sets.pps_count());
  return 0;
}
