// Payloads of sound.
#include "describe.h"
#include "mediacore/codec/aac_depacketizer.h"
#include "mediacore/codec/comfort_noise.h"
#include "mediacore/codec/latm_depacketizer.h"
#include "mediacore/codec/opus_head.h"
#include "mediacore/codec/opus_multistream.h"
#include "mediacore/codec/sample_audio.h"
#include "mediacore/codec/telephone_event.h"

namespace mediacore::tools {
namespace {

constexpr std::string_view ToString(codec::OpusMode mode) {
  switch (mode) {
    case codec::OpusMode::kSilk: return "SILK";
    case codec::OpusMode::kHybrid: return "hybrid";
    case codec::OpusMode::kCelt: break;
  }
  return "CELT";
}

void DescribeOpus(const codec::OpusPacketView& packet, Fields& fields) {
  fields("config", packet.config());
  fields("mode", ToString(packet.mode()));
  fields("channels", packet.channels());
  fields("frames", packet.frame_count());
  fields("samples", packet.samples());
}

Verdict DescribeSampleAudio(Bytes payload, Codec encoding, Fields& fields) {
  const auto samples = codec::SampleAudioView::Parse(payload, {encoding});
  if (!samples) return {ToString(samples.error()), 0};
  fields("samples", samples->samples());
  fields("duration_us", samples->duration());
  return {};
}

}  // namespace

Verdict DescribeOpusPayload(Bytes payload, Fields& fields) {
  const auto packet = codec::OpusPacketView::Parse(payload);
  if (!packet) return {codec::ToString(packet.error()), 0};
  DescribeOpus(*packet, fields);
  return {};
}

Verdict DescribeOpusMultistream(Bytes file, Fields& fields) {
  if (file.empty()) return {ToString(codec::OpusMultistreamError::kBadStreamCount), 0};
  const auto packet = codec::OpusMultistreamView::Parse(file.subspan(1), file[0]);
  if (!packet) return {ToString(packet.error()), 0};
  fields.BeginList("streams");
  codec::OpusMultistreamView walk = *packet;
  for (codec::OpusStreamPacket stream; walk.Next(stream);) {
    fields.BeginObject("");
    fields("size", stream.WireSize());
    DescribeOpus(stream.view(), fields);
    fields.End();
  }
  fields.End();
  return {};
}

Verdict DescribeOpusHead(Bytes file, codec::OpusHeadForm form, Fields& fields) {
  const auto head = codec::OpusHeadView::Parse(file, form);
  if (!head) return {ToString(head.error()), 0};
  fields("version", head->version());
  fields("channels", head->channels());
  fields("pre_skip", head->pre_skip());
  fields("input_sample_rate", head->input_sample_rate());
  fields("output_gain", head->output_gain());
  fields("mapping_family", head->mapping_family());
  fields("stream_count", head->stream_count());
  fields("coupled_count", head->coupled_count());
  fields("channel_mapping", head->channel_mapping());
  return {};
}
Verdict DescribeOpusHead(Bytes file, Fields& fields) {
  return DescribeOpusHead(file, codec::OpusHeadForm::kOgg, fields);
}
Verdict DescribeDops(Bytes file, Fields& fields) { return DescribeOpusHead(file, codec::OpusHeadForm::kMp4, fields); }

Verdict DescribeAacPayload(Bytes payload, Fields& fields) {
  if (payload.empty()) return {};
  const codec::AacPacketFormat format;
  const auto view = codec::AacPayloadView::Parse(payload, format);
  if (!view) return {ToString(view.error()), 0};
  fields("fragment", view->is_fragment());
  NumberList sizes("unit_sizes", fields);
  BitReader headers = view->headers();
  for (std::size_t i = 0; i < view->unit_count(); ++i) {
    sizes.Add(headers.ReadBits(format.size_length));
    headers.Skip(static_cast<std::size_t>(i == 0 ? format.index_length : format.index_delta_length));
  }
  return {};
}

Verdict DescribeLatmPayload(Bytes payload, Fields& fields) {
  if (payload.empty()) return {};
  std::optional<codec::StreamMuxConfig> config;
  codec::LatmElementReader units;
  const auto error = codec::LatmElementReader::Open(payload, true, config, units);
  if (config) {
    fields.BeginObject("config");
    fields("audio_mux_version", config->version);
    fields("codec", config->audio.codec_string().view());
    fields("sampling_frequency", config->audio.sampling_frequency);
    fields("channels", config->audio.channels);
    fields("frame_count", config->frame_count);
    fields("other_data_bits", config->other_data_bits);
    fields.End();
  }
  if (error == codec::LatmPayloadError::kNoConfig) return {ToString(error), 0};
  if (error == codec::LatmPayloadError::kBadConfig) {
    BitReader bits(payload);
    bits.Skip(1);
    return {ToString(codec::StreamMuxConfig::TakeFrom(bits).error()), 0};
  }
  if (error != codec::LatmPayloadError::kNone) return {ToString(error), 0};
  NumberList sizes("unit_sizes", fields);
  for (std::size_t bit = 0, size = 0; units.Next(bit, size);) sizes.Add(static_cast<std::int64_t>(size));
  return {};
}

Verdict DescribeMp4aLatm(Bytes payload, Fields& fields) {
  std::optional<codec::StreamMuxConfig> config;
  codec::LatmElementReader units;
  if (codec::LatmElementReader::Open(payload, true, config, units) == codec::LatmPayloadError::kNone) {
    return DescribeLatmPayload(payload, fields);
  }
  std::size_t head = 0;
  while (head < payload.size() && payload[head] == 255) ++head;
  if (head == payload.size()) return {};
  const std::size_t size = 255 * head + payload[head];
  if (head + 1 + size == payload.size()) fields("unit_size", size);
  return {};
}

Verdict DescribeComfortNoise(Bytes payload, Fields& fields) {
  const auto noise = codec::ComfortNoiseView::Parse(payload);
  if (!noise) return {ToString(noise.error()), 0};
  fields("level", noise->level());
  NumberList reflections("reflections", fields);
  for (std::size_t i = 0; i < noise->order(); ++i) reflections.Add(noise->reflection(i));
  return {};
}

Verdict DescribeTelephoneEvent(Bytes payload, Fields& fields) {
  const auto events = codec::TelephoneEventView::Parse(payload);
  if (!events) return {ToString(events.error()), 0};
  fields.BeginList("events");
  for (std::size_t i = 0; i < events->size(); ++i) {
    const codec::TelephoneEvent event = (*events)[i];
    const char digit = codec::DtmfDigit(event.event);
    fields.BeginObject("");
    fields("event", event.event);
    if (digit != '\0') fields("digit", std::string_view(&digit, 1));
    fields("end", event.end);
    fields("volume", event.volume);
    fields("duration", event.duration);
    fields.End();
  }
  fields.End();
  return {};
}

Verdict DescribeG711Payload(Bytes payload, Fields& fields) {
  return DescribeSampleAudio(payload, Codec::kPcmu, fields);
}
Verdict DescribeG722Payload(Bytes payload, Fields& fields) {
  return DescribeSampleAudio(payload, Codec::kG722, fields);
}

}  // namespace mediacore::tools
