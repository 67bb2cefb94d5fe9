#include "mediacore/codec/h264.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/codec/avcc_writer.h"

// Parameter sets and slice heads of any bytes: numbers are within their ranges,
// one parameter set read twice is the same, what is kept is what came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes bytes(data, size);
  if (const auto sps = Sps::Parse(bytes)) {
    FUZZ_CHECK(sps->id <= 31 && sps->chroma_format_idc <= 3);
    FUZZ_CHECK(sps->width >= 1 && sps->width <= sps->coded_width);
    FUZZ_CHECK(sps->height >= 1 && sps->height <= sps->coded_height);
    FUZZ_CHECK(sps->coded_width % 16 == 0 && sps->coded_height % 16 == 0);
    FUZZ_CHECK(sps->bit_depth_luma <= 14 && sps->bit_depth_chroma <= 14);
    FUZZ_CHECK(sps->max_dpb_frames() >= 0 && sps->max_dpb_frames() <= 16);
    FUZZ_CHECK(sps->reorder_depth() >= 0 && sps->reorder_depth() <= 16);
    FUZZ_CHECK(sps->frame_rate() <= Frequency::Hertz(1000));
    FUZZ_CHECK(sps->codec_string().view().size() == 11);
    FUZZ_CHECK(*Sps::Parse(bytes) == *sps);
  }
  if (const auto pps = Pps::Parse(bytes)) FUZZ_CHECK(pps->sps_id <= 31);
  if (const auto slice = SliceHeader::Parse(bytes)) {
    FUZZ_CHECK(slice->first_mb_in_slice < 139264 && slice->slice_type <= 9);
  }

  // Emulation prevention: off and on again gives the same content back.
  std::vector<std::uint8_t> rbsp(size);
  rbsp.resize(RemoveEmulationPrevention(bytes, rbsp));
  std::vector<std::uint8_t> nal(rbsp.size() * 3 / 2 + 1);
  std::size_t written = 0;
  FUZZ_CHECK(AddEmulationPrevention(rbsp, nal, written));
  nal.resize(written);
  FUZZ_CHECK(FindStartCode(nal) == nal.size());
  std::vector<std::uint8_t> back(nal.size());
  back.resize(RemoveEmulationPrevention(nal, back));
  FUZZ_CHECK(back == rbsp);

  ParameterSets sets;
  for (const Bytes unit : NalUnits(bytes)) {
    const std::uint32_t before = sets.generation();
    if (sets.Store(unit)) continue;
    FUZZ_CHECK(sets.generation() == before);
  }
  FUZZ_CHECK(sets.pps_count() <= ParameterSets::kMaxPps);
  std::vector<std::uint8_t> avcc(AvccWriter::kMaxSize);
  const bool wrote = AvccWriter(sets).Write(avcc, written);
  FUZZ_CHECK(wrote == sets.complete());
  if (wrote) FUZZ_CHECK(written == AvccWriter(sets).WireSize());

  std::uint32_t frames = 0;
  if (FindRecoveryPoint(bytes, frames)) FUZZ_CHECK(frames <= 65535);
  (void)IsKeyFrame(bytes);
  return 0;
}
