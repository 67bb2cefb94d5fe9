#include "mediacore/codec/vp9.h"

#include <vector>

#include "../support/input.h"

namespace mediacore::codec {
namespace {

// Whatever the numbers: what is written reads back the same.
void WriteAny(fuzz::Input input) {
  std::vector<Vp9LayerSize> sizes(input.U8() % 10);
  for (Vp9LayerSize& size : sizes) size = {input.U16(), input.U16()};
  std::vector<Vp9GroupPicture> group(input.U8() % 6);
  for (Vp9GroupPicture& picture : group) {
    picture = {Vp9LayerId(input.U8()), (input.U8() & 1) != 0, input.U8(), {}};
    picture.reference_count %= 5;
    for (int i = 0; i < picture.reference_count && i < 3; ++i)
      picture.p_diffs[static_cast<std::size_t>(i)] = input.U8();
  }
  const Vp9ScalabilityStructureWriter structure{input.U8() % 10, sizes, (input.U8() & 1) != 0, group};
  std::vector<std::uint8_t> structure_bytes(structure.WireSize());
  FUZZ_CHECK(structure.Write(structure_bytes) == !structure_bytes.empty());
  if (!structure_bytes.empty()) {
    ByteReader reader(structure_bytes);
    const auto read = Vp9ScalabilityStructureView::TakeFrom(reader);
    FUZZ_CHECK(read && reader.empty() && read->spatial_layers() == structure.spatial_layers);
    FUZZ_CHECK(read->has_sizes() == !sizes.empty() && read->has_pictures() == structure.has_pictures);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      FUZZ_CHECK(read->size(Vp9LayerId(static_cast<int>(i))) == sizes[i]);
    }
    auto pictures = read->pictures();
    Vp9GroupPicture picture;
    for (const Vp9GroupPicture& wanted : group) FUZZ_CHECK(pictures.Next(picture) && picture == wanted);
    FUZZ_CHECK(!pictures.Next(picture));
  }

  const std::uint8_t flags = input.U8();
  Vp9Descriptor descriptor;
  descriptor.inter_picture = (flags & 1) != 0;
  descriptor.flexible = (flags & 2) != 0;
  descriptor.start_of_frame = (flags & 4) != 0;
  descriptor.end_of_frame = (flags & 8) != 0;
  descriptor.not_reference_for_above = (flags & 16) != 0;
  descriptor.long_picture_id = (flags & 32) != 0 || (flags & 64) == 0;
  if ((flags & 64) != 0) descriptor.picture_id = input.U16();
  if ((flags & 128) != 0) {
    descriptor.layers = Vp9Descriptor::Layers{Vp9LayerId(input.U8()), (input.U8() & 1) != 0, Vp9LayerId(input.U8()),
                                              (input.U8() & 1) != 0, input.U8()};
  }
  descriptor.reference_count = input.U8() % 5;
  for (int i = 0; i < descriptor.reference_count && i < 3; ++i) {
    descriptor.p_diffs[static_cast<std::size_t>(i)] = input.U8();
  }
  descriptor.scalability_structure = structure_bytes;
  std::vector<std::uint8_t> out(Vp9Descriptor::kMaxSize + structure_bytes.size());
  const bool written = descriptor.Write(out);
  FUZZ_CHECK(written == (descriptor.WireSize() != 0) && descriptor.WireSize() <= out.size());
  if (!written) return;
  out.resize(descriptor.WireSize());
  ByteReader reader(out);
  FUZZ_CHECK(Vp9DescriptorView::TakeFrom(reader)->values() == descriptor && reader.empty());
}

}  // namespace
}  // namespace mediacore::codec

// What a descriptor says can be written again, in as many bytes, and reads the
// same; layers index tables of eight; what is cut short consumes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  WriteAny(fuzz::Input(data, size));
  ByteReader reader({data, size});
  const auto view = Vp9DescriptorView::TakeFrom(reader);
  const std::size_t taken = size - reader.remaining();
  FUZZ_CHECK(view.has_value() == (taken > 0));
  if (!view) {
    FUZZ_CHECK((view.error() == Vp9DescriptorError::kEmpty) == (size == 0));
    FUZZ_CHECK(ToString(view.error()).starts_with("vp9: "));
    return 0;
  }
  FUZZ_CHECK(view->size() == taken && view->picture_id() <= 0x7fff && view->tl0picidx() <= 255);
  FUZZ_CHECK(view->reference_count() <= 3);
  for (int i = -1; i < 5; ++i) FUZZ_CHECK(view->p_diff(i) <= 127);
  FUZZ_CHECK(view->temporal_id().value() < Vp9LayerId::kCount && view->spatial_id().value() < Vp9LayerId::kCount);
  if (const auto structure = view->scalability_structure()) {
    FUZZ_CHECK(structure->spatial_layers() >= 1 && structure->spatial_layers() <= 8);
    int pictures = 0;
    auto group = structure->pictures();
    for (Vp9GroupPicture picture; group.Next(picture); ++pictures) FUZZ_CHECK(picture.reference_count <= 3);
    FUZZ_CHECK(pictures == structure->picture_count() && pictures <= 255);
    for (int i = 0; i < 8; ++i) {
      if (structure->size(Vp9LayerId(i)) != Vp9LayerSize{}) {
        FUZZ_CHECK(structure->has_sizes() && i < structure->spatial_layers());
      }
    }
  }
  const Vp9Descriptor descriptor = view->values();
  std::vector<std::uint8_t> back(descriptor.WireSize());
  FUZZ_CHECK(back.size() == taken && descriptor.Write(back));
  ByteReader again(back);
  FUZZ_CHECK(Vp9DescriptorView::TakeFrom(again)->values() == descriptor && again.empty());
  for (std::size_t n = 0; n < taken && n < 50; ++n) {
    ByteReader cut({data, n});
    FUZZ_CHECK(!Vp9DescriptorView::TakeFrom(cut) && cut.remaining() == n);
  }
  return 0;
}
