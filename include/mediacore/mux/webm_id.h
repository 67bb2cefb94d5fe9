#ifndef MEDIACORE_MUX_WEBM_ID_H_
#define MEDIACORE_MUX_WEBM_ID_H_

#include <cstdint>

// The element IDs of EBML (RFC 8794, section 11.2) and Matroska (RFC 9559,
// section 5.1) that are read or written here.
namespace mediacore::mux::webm_id {

enum Id : std::uint32_t {
  // EBML
  kEbml = 0x1a45dfa3,
  kEbmlVersion = 0x4286,
  kEbmlReadVersion = 0x42f7,
  kEbmlMaxIdLength = 0x42f2,
  kEbmlMaxSizeLength = 0x42f3,
  kDocType = 0x4282,
  kDocTypeVersion = 0x4287,
  kDocTypeReadVersion = 0x4285,
  kVoid = 0xec,
  kCrc32 = 0xbf,
  // Segment and what lies in it
  kSegment = 0x18538067,
  kSeekHead = 0x114d9b74,
  kInfo = 0x1549a966,
  kTracks = 0x1654ae6b,
  kChapters = 0x1043a770,
  kCluster = 0x1f43b675,
  kCues = 0x1c53bb6b,
  kAttachments = 0x1941a469,
  kTags = 0x1254c367,
  // SeekHead
  kSeek = 0x4dbb,
  kSeekId = 0x53ab,
  kSeekPosition = 0x53ac,
  // Info
  kTimestampScale = 0x2ad7b1,
  kDuration = 0x4489,
  kMuxingApp = 0x4d80,
  kWritingApp = 0x5741,
  // Tracks
  kTrackEntry = 0xae,
  kTrackNumber = 0xd7,
  kTrackUid = 0x73c5,
  kTrackType = 0x83,
  kFlagLacing = 0x9c,
  kDefaultDuration = 0x23e383,
  kName = 0x536e,
  kLanguage = 0x22b59c,
  kCodecId = 0x86,
  kCodecPrivate = 0x63a2,
  kCodecDelay = 0x56aa,
  kSeekPreRoll = 0x56bb,
  kContentEncodings = 0x6d80,
  kVideo = 0xe0,
  kPixelWidth = 0xb0,
  kPixelHeight = 0xba,
  kDisplayWidth = 0x54b0,
  kDisplayHeight = 0x54ba,
  kDisplayUnit = 0x54b2,
  kColour = 0x55b0,
  kMatrixCoefficients = 0x55b1,
  kRange = 0x55b9,
  kTransferCharacteristics = 0x55ba,
  kPrimaries = 0x55bb,
  kAudio = 0xe1,
  kSamplingFrequency = 0xb5,
  kChannels = 0x9f,
  kBitDepth = 0x6264,
  // Cluster
  kTimestamp = 0xe7,
  kPosition = 0xa7,
  kPrevSize = 0xab,
  kSimpleBlock = 0xa3,
  kBlockGroup = 0xa0,
  kBlock = 0xa1,
  kBlockDuration = 0x9b,
  kReferenceBlock = 0xfb,
  kDiscardPadding = 0x75a2,
  // Cues
  kCuePoint = 0xbb,
  kCueTime = 0xb3,
  kCueTrackPositions = 0xb7,
  kCueTrack = 0xf7,
  kCueClusterPosition = 0xf1,
};

// What ends a Segment of unknown size, and what a Cluster of unknown size.
constexpr bool EndsSegment(std::uint32_t id) { return id == kEbml || id == kSegment; }
constexpr bool EndsCluster(std::uint32_t id) {
  switch (id) {
    case kSeekHead:
    case kInfo:
    case kTracks:
    case kChapters:
    case kCluster:
    case kCues:
    case kAttachments:
    case kTags: return true;
    default: return EndsSegment(id);
  }
}

}  // namespace mediacore::mux::webm_id

#endif  // MEDIACORE_MUX_WEBM_ID_H_
