#include "describe.h"
#include "mediacore/mux/flv_audio.h"
#include "mediacore/mux/flv_video.h"
#include "mediacore/rtmp/amf0.h"

namespace mediacore::tools {
namespace {

using rtmp::Amf0Error;
using rtmp::Amf0Event;
using rtmp::Amf0Type;
using rtmp::MessageType;

void DescribeAmf0Value(const Amf0Event& event, Fields& fields) {
  switch (event.type) {
    case Amf0Type::kNumber:
    case Amf0Type::kDate: return fields("", event.number);
    case Amf0Type::kBoolean: return fields("", event.boolean);
    case Amf0Type::kString:
    case Amf0Type::kLongString:
    case Amf0Type::kXmlDocument: return fields.Words("", event.text);
    case Amf0Type::kReference: return fields("", event.reference);
    default: return fields("", ToString(event.type));
  }
}

// What makes up a codec's name, as text.
void FourCharacters(std::uint32_t four_cc, Fields& fields) {
  std::array<std::uint8_t, 4> name{};
  StoreU32(name.data(), four_cc);
  fields.Words("four_cc", name);
}
void DescribeTracks(mux::FlvTrackReader tracks, bool video, Fields& fields) {
  fields.BeginList("tracks");
  for (mux::FlvTrack track; tracks.Next(track);) {
    fields.BeginObject("");
    fields("id", track.id);
    if (track.four_cc != 0) FourCharacters(track.four_cc, fields);
    if (video) fields("composition_time", track.composition_time);
    fields("data", track.data);
    fields.End();
  }
  fields.End();
}

template <typename Control>
Verdict DescribeControl(Bytes payload, Fields& fields) {
  const auto control = Control::Parse(payload);
  if (!control) return {ToString(control.error()), 0};
  fields("value", control->value);
  return {};
}
Verdict DescribeBandwidth(Bytes payload, Fields& fields) {
  const auto bandwidth = rtmp::SetPeerBandwidth::Parse(payload);
  if (!bandwidth) return {ToString(bandwidth.error()), 0};
  fields("value", bandwidth->value);
  fields("limit_type", static_cast<std::uint8_t>(bandwidth->limit));
  return {};
}
Verdict DescribeUserControl(Bytes payload, Fields& fields) {
  const auto control = rtmp::UserControl::Parse(payload);
  if (!control) return {ToString(control.error()), 0};
  fields("event", static_cast<std::uint16_t>(control->event));
  fields("event_name", control->event);
  fields("value", control->value());
  if (control->event == rtmp::UserControl::Event::kSetBufferLength) fields("buffer_ms", control->buffer_ms());
  return {};
}
// Of the messages of AMF3 that begin with AMF0 all the same.
Verdict DescribeAmf3(Bytes payload, Fields& fields) {
  if (payload.empty() || payload[0] != 0) return fields("payload", payload), Verdict();
  const Verdict verdict = DescribeAmf0(payload.subspan(1), fields);
  return verdict.refusal == ToString(Amf0Error::kAmf3) ? Verdict() : verdict;
}
Verdict DescribeAggregate(Bytes payload, Fields& fields) {
  ByteReader reader(payload);
  Verdict verdict;
  fields.BeginList("tags");
  while (!reader.empty()) {
    const auto tag = mux::FlvTag::TakeFrom(reader);
    if (!tag) {
      if (verdict.refusal.empty()) verdict.refusal = ToString(tag.error());
      break;
    }
    fields.BeginObject("");
    const Verdict inner = DescribeFlvTag(*tag, fields);
    fields.End();
    if (verdict.refusal.empty()) verdict.refusal = inner.refusal;
  }
  fields.End();
  return verdict;
}

}  // namespace

Verdict DescribeAmf0(Bytes values, Fields& fields) {
  rtmp::Amf0Reader reader(values);
  fields.BeginList("values");
  for (Amf0Event event; reader.Next(event);) {
    if (event.end) {
      fields.End();
      continue;
    }
    if (event.name.data() != nullptr) fields.Words("", event.name);
    if (!rtmp::IsAmf0Container(event.type)) {
      DescribeAmf0Value(event, fields);
      continue;
    }
    fields.BeginList("");
    if (event.type == Amf0Type::kTypedObject) fields.Words("", event.text);
  }
  for (std::size_t open = reader.depth() + 1; open > 0; --open) fields.End();
  if (reader.error() == Amf0Error::kNone) return {};
  return {ToString(reader.error()), reader.offset()};
}

Verdict DescribeFlvVideo(Bytes body, Fields& fields) {
  const auto video = mux::FlvVideoView::Parse(body);
  if (!video) return {ToString(video.error()), 0};
  fields("frame_type", video->frame_type());
  fields("key_frame", video->is_key_frame());
  if (video->is_command()) {
    fields("command", video->command());
    return {};
  }
  if (!video->enhanced()) fields("codec_id", static_cast<std::uint8_t>(video->codec_id()));
  fields("packet_type", video->packet_type());
  if (video->nanosecond_offset() != 0) fields("nanosecond_offset", video->nanosecond_offset());
  DescribeTracks(video->tracks(), true, fields);
  return {};
}
Verdict DescribeFlvAudio(Bytes body, Fields& fields) {
  const auto audio = mux::FlvAudioView::Parse(body);
  if (!audio) return {ToString(audio.error()), 0};
  if (!audio->enhanced()) {
    fields("sound_format", static_cast<std::uint8_t>(audio->format()));
    fields("sample_rate", audio->sample_rate());
    fields("bits_per_sample", audio->bits_per_sample());
    fields("channels", audio->channels());
  }
  fields("packet_type", audio->packet_type());
  if (audio->nanosecond_offset() != 0) fields("nanosecond_offset", audio->nanosecond_offset());
  DescribeTracks(audio->tracks(), false, fields);
  return {};
}

Verdict DescribeFlvTag(const mux::FlvTag& tag, Fields& fields) {
  fields("type", static_cast<std::uint8_t>(tag.type));
  fields("timestamp", tag.timestamp);
  if (tag.stream_id != 0) fields("stream_id", tag.stream_id);
  fields("filtered", tag.filtered);
  if (!tag.filtered && tag.type == mux::FlvTagType::kVideo) return DescribeFlvVideo(tag.body, fields);
  if (!tag.filtered && tag.type == mux::FlvTagType::kAudio) return DescribeFlvAudio(tag.body, fields);
  if (!tag.filtered && tag.type == mux::FlvTagType::kScript) return DescribeAmf0(tag.body, fields);
  fields("body", tag.body);
  return {};
}

Verdict DescribeRtmpMessage(const rtmp::Message& message, Fields& fields) {
  fields("chunk_stream_id", message.chunk_stream_id);
  fields("type", static_cast<std::uint8_t>(message.type));
  fields("stream_id", message.stream_id);
  fields("timestamp", message.timestamp);
  const Bytes payload = message.payload;
  if (payload.empty() && message.type >= MessageType::kDataAmf3) return {};
  switch (message.type) {
    case MessageType::kSetChunkSize: return DescribeControl<rtmp::SetChunkSize>(payload, fields);
    case MessageType::kAbort: return DescribeControl<rtmp::Abort>(payload, fields);
    case MessageType::kAcknowledgement: return DescribeControl<rtmp::Acknowledgement>(payload, fields);
    case MessageType::kWindowAcknowledgementSize:
      return DescribeControl<rtmp::WindowAcknowledgementSize>(payload, fields);
    case MessageType::kSetPeerBandwidth: return DescribeBandwidth(payload, fields);
    case MessageType::kUserControl: return DescribeUserControl(payload, fields);
    case MessageType::kAudio: return DescribeFlvAudio(payload, fields);
    case MessageType::kVideo: return DescribeFlvVideo(payload, fields);
    case MessageType::kDataAmf0:
    case MessageType::kCommandAmf0: return DescribeAmf0(payload, fields);
    case MessageType::kDataAmf3:
    case MessageType::kCommandAmf3: return DescribeAmf3(payload, fields);
    case MessageType::kAggregate: return DescribeAggregate(payload, fields);
    default: fields("payload", payload); return {};
  }
}

}  // namespace mediacore::tools
