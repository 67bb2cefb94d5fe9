#ifndef MEDIACORE_CODEC_ENCODED_FRAME_H_
#define MEDIACORE_CODEC_ENCODED_FRAME_H_

#include "mediacore/base/bytes.h"
#include "mediacore/base/codec.h"
#include "mediacore/base/sequence_number.h"

namespace mediacore::codec {

// One encoded picture or one encoded stretch of sound: what a depacketiser
// gives and what a muxer takes.
//
// `data` belongs to whoever made the frame and is good until its next call:
//   H.264  the access unit's NAL units, each behind its length in four bytes
//          (the form of MP4; NalUnits walks over it)
//   H.265, H.266   likewise
//   VP8    one frame
//   VP9    one picture; several spatial layers are a superframe with its index
//   AV1    one temporal unit: OBUs with their sizes, no temporal delimiter
//   AAC    one raw access unit, no ADTS header
//   Opus   one packet
//   G.711, G.722   the samples of one packet
struct EncodedFrame {
  Codec codec = Codec::kUnknown;
  RtpTimestamp rtp_timestamp;  // in ticks of the stream's RTP clock
  bool key_frame = false;      // decodable without what came before it
  bool discardable = false;    // nothing that follows refers to it
  Bytes data;
  // The first frame given out after something of the stream was lost: a packet,
  // or a frame that was dropped. Once for each loss, however much it took.
  bool lost_before = false;
  // Where the bytes say it, which may be in key frames alone; else 0.
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint8_t spatial_id = 0;  // the highest layer inside
  std::uint8_t temporal_id = 0;
  std::uint8_t spatial_layers = 1;  // bit i: a frame of spatial layer i is inside; VP9 and AV1 tell it
};

// What a depacketiser is told of one RTP packet, in sequence order.
struct RtpPayload {
  RtpTimestamp rtp_timestamp;
  bool marker = false;
  bool lost_before = false;  // a packet between the last one and this is missing
  Bytes payload;             // without padding
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_ENCODED_FRAME_H_
