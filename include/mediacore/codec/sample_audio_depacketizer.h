#ifndef MEDIACORE_CODEC_SAMPLE_AUDIO_DEPACKETIZER_H_
#define MEDIACORE_CODEC_SAMPLE_AUDIO_DEPACKETIZER_H_

#include "mediacore/codec/sample_audio.h"
#include "mediacore/codec/whole_packet_depacketizer.h"

namespace mediacore::codec {

// Gives out the samples of each packet of PCMU, PCMA or G722; the format says
// which, and how many channels:
//
//   SampleAudioDepacketizer depacketizer(frame_storage, {Codec::kG722});
using SampleAudioDepacketizer = WholePacketDepacketizer<SampleAudioFormat>;

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_SAMPLE_AUDIO_DEPACKETIZER_H_
