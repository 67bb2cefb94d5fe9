#ifndef MEDIACORE_MUX_OGG_OPUS_WRITER_H_
#define MEDIACORE_MUX_OGG_OPUS_WRITER_H_

#include "mediacore/mux/ogg_writer.h"

namespace mediacore::mux {

// Opus in Ogg (RFC 7845): two header packets on pages of their own, then sound on
// pages of a second at most, each with the samples up to its end as its position.
//
//   OggOpusWriter writer({.serial = 7}, page);
//   writer.Start(opus_head, opus_tags, append);    // opus_tags.h writes the second
//   writer.AddPacket(packet, 960, append);         // each
//   writer.Finish(312, append);                    // the last 312 samples are padding
//
// Samples are those of 48 kHz whatever the sound was, and count from the first that is
// decoded: pre-skip is part of them. As OggWriter, it keeps no memory but `page`.
class OggOpusWriter {
 public:
  static constexpr std::int64_t kSampleRate = 48'000;

  struct Config {
    std::uint32_t serial = 0;
    std::int64_t page_samples = kSampleRate;  // at most; less costs bytes and loses less in a crash
    std::int64_t first_sample = 0;            // above 0: the stream is joined midway (section 4.5)
  };

  OggOpusWriter(const Config& config, std::span<std::uint8_t, kOggMaxPageSize> page) noexcept
      : writer_({.serial = config.serial, .page_bytes = kOggMaxBody, .page_granules = config.page_samples}, page),
        first_sample_(config.first_sample) {}

  template <typename Sink>
  void Start(Bytes opus_head, Bytes opus_tags, Sink&& sink) noexcept {
    writer_.AddPacket(opus_head, 0, sink);
    writer_.Flush(sink);
    writer_.AddPacket(opus_tags, 0, sink);
    writer_.Flush(sink);
    writer_.StartAt(first_sample_);
  }

  // `samples` is what the packet decodes to.
  template <typename Sink>
  void AddPacket(Bytes packet, std::uint32_t samples, Sink&& sink) noexcept {
    writer_.AddPacket(packet, writer_.granule_position() + samples, sink);
  }

  // Writes the last page; `trimmed` samples at the end are not to be heard, as far as
  // they lie on it: the last packet always does (section 4.4).
  template <typename Sink>
  void Finish(std::uint32_t trimmed, Sink&& sink) noexcept {
    writer_.Finish(writer_.granule_position() - trimmed, sink);
  }

  // Up to the end of the last packet.
  std::int64_t samples() const { return writer_.granule_position(); }

 private:
  OggWriter writer_;
  std::int64_t first_sample_;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_OGG_OPUS_WRITER_H_
