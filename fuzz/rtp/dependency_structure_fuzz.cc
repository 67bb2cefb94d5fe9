#include "mediacore/rtp/dependency_structure.h"

#include <memory>
#include <string>
#include <vector>

#include "../support/input.h"

namespace {

using namespace mediacore;
using namespace mediacore::rtp;

bool BitAt(Bytes bytes, std::size_t at) { return (bytes[at / 8] >> (7 - at % 8) & 1) != 0; }

std::unique_ptr<DependencyStructure> PutTogether(const DependencyStructure& from) {
  auto structure = std::make_unique<DependencyStructure>(from);
  structure->template_count = 0;
  for (const FrameDependencies& frame : from.all_templates()) {
    FrameDependencies copy{frame.spatial_id, frame.temporal_id, {}, {}, frame.chain_diffs};
    for (const std::uint16_t diff : frame.frame_diffs) FUZZ_CHECK(copy.frame_diffs.Add(diff));
    FUZZ_CHECK(copy.frame_diffs.empty() == (frame.frame_diffs.size() == 0));
    FUZZ_CHECK(copy.frame_diffs.span().size() == frame.frame_diffs.span().size());
    std::string symbols;
    for (int i = 0; i < from.decode_target_count; ++i) symbols += Symbol(frame.decode_targets[i]);
    copy.decode_targets = DecodeTargetIndications(symbols);
    FUZZ_CHECK(structure->Add(copy));
  }
  FUZZ_CHECK(from.template_count < DependencyStructure::kMaxTemplates || !structure->Add({}));
  return structure;
}

}  // namespace

// A structure that reads is within all limits, is written bit for bit, and is
// the same put together by hand; every template is found by its id, and every
// decode target has layers that exist.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  BitReader reader(bytes);
  const auto structure = std::make_unique<DependencyStructure>();
  DependencyError error{};
  if (!DependencyStructure::Read(reader, *structure, error)) {
    FUZZ_CHECK(error == DependencyError::kTooManyTemplates || error == DependencyError::kBadLayer ||
               error == DependencyError::kTooManyDiffs || error == DependencyError::kTruncated);
    FUZZ_CHECK(!ToString(error).empty());
    return 0;
  }
  FUZZ_CHECK(reader.ok() && structure->template_count >= 1 && structure->template_count <= 64);
  FUZZ_CHECK(structure->decode_target_count >= 1 && structure->decode_target_count <= 32);
  FUZZ_CHECK(structure->chain_count <= structure->decode_target_count);
  FUZZ_CHECK(structure->spatial_layer_count() >= 1 && structure->spatial_layer_count() <= 4);

  int found = 0;
  for (int id = 0; id < 64; ++id) {
    const FrameDependencies* const frame = structure->TemplateOf(id);
    if (frame == nullptr) continue;
    FUZZ_CHECK(structure->TemplateId(static_cast<int>(frame - structure->templates.data())) == id);
    ++found;
  }
  FUZZ_CHECK(found == structure->template_count);
  for (int target = 0; target < structure->decode_target_count; ++target) {
    const LayerId layer = structure->DecodeTargetLayer(target);
    FUZZ_CHECK(layer.spatial_id < structure->spatial_layer_count() && layer.temporal_id < 8);
  }

  const auto by_hand = PutTogether(*structure);
  FUZZ_CHECK(*by_hand == *structure && (structure->AllDecodeTargets() >> (structure->decode_target_count - 1)) == 1);

  std::vector<std::uint8_t> out(size, 0xee);
  BitWriter writer(out);
  FUZZ_CHECK(structure->Write(writer) && writer.ok() && writer.position() == reader.position());
  for (std::size_t i = 0; i < writer.position(); ++i) FUZZ_CHECK(BitAt(out, i) == BitAt(bytes, i));
  BitReader again(out);
  const auto same = std::make_unique<DependencyStructure>();
  FUZZ_CHECK(DependencyStructure::Read(again, *same, error) && *same == *structure);

  // No step leads from a layer to one two above it.
  by_hand->templates[by_hand->template_count - 1u].temporal_id += 2;
  BitWriter none({});
  FUZZ_CHECK(!by_hand->Write(none) && none.ok());
  return 0;
}
