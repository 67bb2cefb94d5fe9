#ifndef MEDIACORE_TOOLS_DESCRIBE_H_
#define MEDIACORE_TOOLS_DESCRIBE_H_

#include <cstddef>
#include <string_view>

#include "fields.h"
#include "mediacore/mux/flv.h"
#include "mediacore/rtmp/message.h"
#include "mediacore/rtp/dependency_descriptor.h"
#include "mediacore/rtp/extension_map.h"
#include "mediacore/rtp/packet_view.h"

namespace mediacore::tools {

// What a parser says of some bytes.
struct Verdict {
  std::string_view refusal;  // the parser's words; empty: accepted
  std::size_t offset = 0;    // of what was refused
};

// Describers: each parses a packet and gives all its fields to `fields`; what it does
// not know it names by its number and gives as bytes. Of a packet that is refused it
// gives what can be read all the same. No heap, and time linear in the bytes.

// RFC 3550, with header extensions by the ids of `extensions`; `dependencies` is the
// stream's. A value that is malformed is told and does not decide the verdict.
Verdict DescribeRtp(Bytes packet, const rtp::ExtensionMap& extensions, rtp::DependencyDescriptorReader& dependencies,
                    Fields& fields);
// The value of one header extension; accepted without fields where nothing is known of its kind.
Verdict DescribeExtensionValue(rtp::ExtensionKind kind, Bytes value, rtp::DependencyDescriptorReader& dependencies,
                               Fields& fields);
Verdict DescribeDependencyDescriptor(Bytes value, rtp::DependencyDescriptorReader& reader, Fields& fields);
Verdict DescribeVideoLayersAllocation(Bytes value, Fields& fields);
// A compound packet or one of reduced size; refused too when one of its blocks is
// of a known kind and malformed, at the first byte of that block.
Verdict DescribeRtcp(Bytes packet, Fields& fields);

// One RTP payload by itself; refused when the depacketiser would refuse it.
using PayloadDescriber = Verdict (*)(Bytes payload, Fields& fields);
// By the encoding name of a=rtpmap, in any case; null where nothing is known of it.
PayloadDescriber FindPayloadDescriber(std::string_view encoding);

// One RTP payload of H.264, by itself: fragments are not put together.
Verdict DescribeH264Payload(Bytes payload, Fields& fields);
// A NAL unit with its header byte; refused when it is a malformed parameter set or slice header.
Verdict DescribeH264Nal(Bytes nal, Fields& fields);
// Likewise; sprop-max-don-diff is 0.
Verdict DescribeH265Payload(Bytes payload, Fields& fields);
Verdict DescribeH265Nal(Bytes nal, Fields& fields);
Verdict DescribeH266Payload(Bytes payload, Fields& fields);
Verdict DescribeH266Nal(Bytes nal, Fields& fields);
// HEVCDecoderConfigurationRecord, the body of hvcC.
Verdict DescribeHvcc(Bytes record, Fields& fields);
// One of VP8 or VP9, by itself: descriptor, and the head of the frame where one begins.
Verdict DescribeVp8Payload(Bytes payload, Fields& fields);
Verdict DescribeVp9Payload(Bytes payload, Fields& fields);
Verdict DescribeOpusPayload(Bytes payload, Fields& fields);
// The number of streams, then a packet of them.
Verdict DescribeOpusMultistream(Bytes file, Fields& fields);
// The ID header of Ogg, and the body of MP4's dOps.
Verdict DescribeOpusHead(Bytes file, Fields& fields);
Verdict DescribeDops(Bytes file, Fields& fields);
// RFC 3640, mode AAC-hbr with the usual sizes.
Verdict DescribeAacPayload(Bytes payload, Fields& fields);
// RFC 6416, a whole element with its configuration in front.
Verdict DescribeLatmPayload(Bytes payload, Fields& fields);
// The same where nobody knows what the SDP says of the configuration: what can be
// told from the payload; never refused.
Verdict DescribeMp4aLatm(Bytes payload, Fields& fields);
// One channel.
Verdict DescribeG711Payload(Bytes payload, Fields& fields);
Verdict DescribeG722Payload(Bytes payload, Fields& fields);
Verdict DescribeComfortNoise(Bytes payload, Fields& fields);
Verdict DescribeTelephoneEvent(Bytes payload, Fields& fields);

// One RTP payload of AV1, by itself: fragments are not put together, and frame headers
// are read where a sequence header is in the same payload.
Verdict DescribeAv1Payload(Bytes payload, Fields& fields);
// OBUs one behind the other; refused too when the first sequence header or a frame
// header is malformed.
Verdict DescribeAv1Obus(Bytes obus, Fields& fields);
Verdict DescribeAv1Config(Bytes record, Fields& fields);

// What a session description says of the payload types of a packet.
class PayloadNames {
 public:
  virtual ~PayloadNames() = default;
  // Of a=rtpmap; empty when nothing is known.
  virtual std::string_view EncodingOf(PayloadType type) const = 0;
  // `apt` of a=fmtp; the type itself when nothing is known.
  virtual PayloadType AssociatedWith(PayloadType type) const = 0;
};
// The payload of a packet by its encoding name, and what payloads it carries in turn;
// accepted without fields where nothing is known of it.
Verdict DescribePayload(const rtp::PacketView& packet, std::string_view encoding, const PayloadNames& names,
                        Fields& fields);
// Formats that repair loss. Of RTX and FlexFEC the whole RTP packet, of the others the payload.
Verdict DescribeRtx(Bytes packet, Fields& fields);
Verdict DescribeRed(Bytes payload, Fields& fields);
Verdict DescribeUlpFec(Bytes payload, Fields& fields);
Verdict DescribeFlexFec03(Bytes payload, Fields& fields);
Verdict DescribeFlexFec(Bytes packet, Fields& fields);

// One transport-wide feedback message and nothing behind it.
Verdict DescribeTransportWide(Bytes message, Fields& fields);
// A message of RFC 8489 that is the whole datagram. Attributes whose values are
// malformed do not decide the verdict, nor does a wrong FINGERPRINT: both are told.
Verdict DescribeStun(Bytes datagram, Fields& fields);
// RFC 8656, section 12.4.
Verdict DescribeChannelData(Bytes datagram, Fields& fields);
// Text; refused where RFC 8866 is first violated.
Verdict DescribeSdp(Bytes text, Fields& fields);

// AMF0 values one behind the other; of an object its names and values in turn.
Verdict DescribeAmf0(Bytes values, Fields& fields);
// Bodies of FLV tags and of RTMP messages, in the older form and that of E-RTMP.
Verdict DescribeFlvVideo(Bytes body, Fields& fields);
Verdict DescribeFlvAudio(Bytes body, Fields& fields);
// Refused for a body of audio, video or script data that is malformed; others, and encrypted
// ones, are given as bytes.
Verdict DescribeFlvTag(const mux::FlvTag& tag, Fields& fields);
// Likewise, and for control messages, commands and aggregates.
Verdict DescribeRtmpMessage(const rtmp::Message& message, Fields& fields);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_DESCRIBE_H_
