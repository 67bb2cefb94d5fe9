#ifndef MEDIACORE_MUX_VIDEO_ENTRY_H_
#define MEDIACORE_MUX_VIDEO_ENTRY_H_

#include <array>

#include "mediacore/base/codec.h"
#include "mediacore/mux/box_writer.h"

namespace mediacore::mux {

// How MP4 names a codec of video: the type of its sample entry, and of the box
// in it that holds the configuration record (TrackConfig::codec_config).
struct VideoEntry {
  Codec codec = Codec::kUnknown;
  char type[5] = "";
  char config[5] = "";
  bool full = false;  // the config box has version 1 and flags before the record
};

// ISO/IEC 14496-15, 5.4 and 8.4; VP Codec ISO Media File Format Binding, 1; AV1
// Codec ISO Media File Format Binding, 2.2. The first entry of a codec is what
// is written; the others, with parameter sets in the samples, are read too.
inline constexpr std::array<VideoEntry, 7> kVideoEntries = {{
    {Codec::kH264, "avc1", "avcC", false},
    {Codec::kH264, "avc3", "avcC", false},
    {Codec::kH265, "hvc1", "hvcC", false},
    {Codec::kH265, "hev1", "hvcC", false},
    {Codec::kVp8, "vp08", "vpcC", true},
    {Codec::kVp9, "vp09", "vpcC", true},
    {Codec::kAv1, "av01", "av1C", false},
}};

// Null when MP4 is not written or read with that codec here.
constexpr const VideoEntry* FindVideoEntry(Codec codec) {
  for (const VideoEntry& entry : kVideoEntries) {
    if (entry.codec == codec) return &entry;
  }
  return nullptr;
}
constexpr const VideoEntry* FindVideoEntry(std::uint32_t type) {
  for (const VideoEntry& entry : kVideoEntries) {
    if (FourCc(entry.type) == type) return &entry;
  }
  return nullptr;
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_VIDEO_ENTRY_H_
