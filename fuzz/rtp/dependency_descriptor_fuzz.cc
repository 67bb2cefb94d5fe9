#include "mediacore/rtp/dependency_descriptor.h"

#include <memory>
#include <vector>

#include "../support/input.h"

// Descriptors of one stream, each with its length before it. What reads is
// written in as many bytes or fewer, and reads the same; what does not leaves
// the structure and the active decode targets as they were.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  const auto reader = std::make_unique<DependencyDescriptorReader>();
  const auto before = std::make_unique<DependencyStructure>();
  const auto attached = std::make_unique<DependencyStructure>();
  ByteReader input({data, size});
  std::uint8_t length = 0;
  Bytes value;
  while (input.ReadU8(length) && input.ReadBytes(std::min<std::size_t>(length, input.remaining()), value)) {
    const bool had_structure = reader->structure() != nullptr;
    if (had_structure) *before = *reader->structure();
    const std::uint32_t active = reader->active_decode_targets();
    const auto alone = DependencyDescriptor::Parse(value, nullptr, *attached);
    const auto descriptor = reader->Read(value);
    if (!descriptor) {
      FUZZ_CHECK(static_cast<int>(descriptor.error()) < kDependencyErrorCount);
      FUZZ_CHECK((value.size() < 3) == (descriptor.error() == DependencyError::kTooShort));
      FUZZ_CHECK((reader->structure() != nullptr) == had_structure && reader->active_decode_targets() == active);
      FUZZ_CHECK(!had_structure || *reader->structure() == *before);
      FUZZ_CHECK(!alone);
      continue;
    }
    const auto fields = MandatoryDescriptorFields::Parse(value);
    FUZZ_CHECK(fields && fields->frame_number == descriptor->frame_number);
    FUZZ_CHECK(fields->start_of_frame == descriptor->start_of_frame);
    FUZZ_CHECK(fields->end_of_frame == descriptor->end_of_frame);
    // With a structure inside it, a descriptor needs no other.
    FUZZ_CHECK(alone.has_value() == descriptor->has_structure);
    FUZZ_CHECK(!alone || *alone == *descriptor);
    FUZZ_CHECK(reader->structure() != nullptr);
    // The one it was read with; a late one has not been kept.
    const DependencyStructure& structure = descriptor->has_structure ? *attached : *reader->structure();
    FUZZ_CHECK((reader->active_decode_targets() & ~reader->structure()->AllDecodeTargets()) == 0);

    const DependencyDescriptorWriter writer{.descriptor = *descriptor, .structure = &structure};
    std::vector<std::uint8_t> out(writer.WireSize(), 0xee);
    FUZZ_CHECK(out.size() >= 3 && out.size() <= value.size() && writer.Write(out));
    const auto again = DependencyDescriptor::Parse(out, &structure, *before);
    FUZZ_CHECK(again && *again == *descriptor);
    FUZZ_CHECK(!descriptor->has_structure || *before == structure);
  }
  reader->Reset();
  FUZZ_CHECK(reader->structure() == nullptr && reader->active_decode_targets() == 0);
  return 0;
}
