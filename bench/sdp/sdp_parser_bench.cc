#include "mediacore/sdp/sdp_parser.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "mediacore/sdp/rtp_media.h"
#include "mediacore/sdp/sdp_writer.h"

namespace mediacore::sdp {
namespace {

// A browser's offer in kind and length: two media, each with ICE, DTLS, header
// extensions and feedback.
std::string Offer() {
  std::string text =
      "v=0\r\no=- 8971383742140609925 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
      "a=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n";
  for (const std::string_view head :
       {"m=video 37957 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\n"
        "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n"
        "a=fmtp:111 minptime=10;useinbandfec=1\r\n"}) {
    const std::size_t line = head.find("\r\n") + 2;
    text += head.substr(0, line);
    text += "c=IN IP4 127.0.0.1\r\na=rtcp:9 IN IP4 0.0.0.0\r\n";
    for (int i = 0; i < 4; ++i) {
      text += "a=candidate:3941280205 1 udp 2122260223 127.0.0.1 37957 typ host "
              "generation 0 network-id 2 network-cost 50\r\n";
    }
    text += "a=ice-ufrag:Wtw0\r\na=ice-pwd:tn//gmYM56WvbB2q0cNB1r+F\r\n"
            "a=fingerprint:sha-256 C2:23:F0:7C:94:14:61:CF:D1:3F:88:A8:B7:25:B4:9C:"
            "01:CB:F4:4A:DC:EF:2D:73:8E:4D:9B:44:13:F9:CF:CE\r\na=setup:actpass\r\n";
    for (int i = 1; i <= 13; ++i) {
      text += "a=extmap:" + std::to_string(i) +
              " http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n";
    }
    text += "a=sendonly\r\na=rtcp-mux\r\n";
    text += head.substr(line);
    for (int i = 0; i < 5; ++i) text += "a=rtcp-fb:96 transport-cc\r\n";
    text += "a=ssrc:3266562349 cname:ZgBvyYpS7O08XbhZ\r\n";
  }
  return text;
}

void BM_SdpParseOffer(benchmark::State& state) {
  const std::string text = Offer();
  const bench::HeapCount heap(state, 32);  // a description owns what it holds
  for (auto _ : state) {
    SessionDescription session;
    benchmark::DoNotOptimize(Parse(text, {}, session).has_value());
    benchmark::DoNotOptimize(session.media.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpParseOffer);

// The same with its last line broken.
void BM_SdpParseRefused(benchmark::State& state) {
  std::string text = Offer();
  text.resize(text.rfind("=s"));
  text += "\r\nx";
  for (auto _ : state) {
    SessionDescription session;
    benchmark::DoNotOptimize(Parse(text, {}, session).has_value());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpParseRefused);

void BM_SdpReadRtpMedia(benchmark::State& state) {
  const std::string text = Offer();
  SessionDescription session;
  if (Parse(text, {}, session)) mediacore::bench::Fail(state, "refused");
  for (auto _ : state) {
    benchmark::DoNotOptimize(ReadRtpMedia(session).data());
  }
}
BENCHMARK(BM_SdpReadRtpMedia);

void BM_SdpWriteOffer(benchmark::State& state) {
  const std::string text = Offer();
  SessionDescription session;
  if (Parse(text, {}, session)) mediacore::bench::Fail(state, "refused");
  std::string out(text.size(), ' ');
  std::size_t size = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Write(session, std::span(out), size));
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpWriteOffer);

void BM_SdpParseShortLines(benchmark::State& state) {
  std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nt=0 0\n";
  for (std::int64_t i = 0; i < state.range(0); ++i) text += "a=b\n";
  const ParseOptions options{.max_bytes = text.size(), .max_lines = 4'000'000};
  for (auto _ : state) {
    SessionDescription session;
    benchmark::DoNotOptimize(Parse(text, options, session).has_value());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_SdpParseShortLines)->Arg(1'000)->Arg(259'318);

}  // namespace
}  // namespace mediacore::sdp
