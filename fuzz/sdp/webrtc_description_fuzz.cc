#include "mediacore/sdp/webrtc_description.h"

#include "../support/input.h"

namespace {
using namespace mediacore::sdp;

// What was written reads as the same model, or nothing was written.
bool CheckWritten(const WebRtcDescription& model) {
  std::string out = "?";
  const bool written = Write(model, out);
  std::string room(out.size() - 1, '?');
  std::size_t size = 0;
  FUZZ_CHECK(Write(model, std::span(room), size) == written);
  if (!written) {
    FUZZ_CHECK(out == "?");
    return false;
  }
  FUZZ_CHECK(size == room.size() && out.substr(1) == room);
  SessionView view;
  FUZZ_CHECK(!SessionView::Parse(room, {.max_bytes = 1u << 20}, view));
  WebRtcDescription again;
  FUZZ_CHECK(!WebRtcDescription::Read(view, again));
  FUZZ_CHECK(again == model);
  return true;
}
}  // namespace

// The input is a session description, a byte 0xff and a text. A model that was
// read can be written and reads the same; with the text in any of its places it
// still does, or is not written. A refusal points to a line of the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view put = text;
  text = mediacore::TakeUntil(put, '\xff');
  SessionView view;
  if (text.size() > 8000 || SessionView::Parse(text, {}, view)) return 0;
  WebRtcDescription parsed;
  if (const auto refused = WebRtcDescription::Read(view, parsed)) {
    FUZZ_CHECK(refused->offset + 2 < text.size() && text[refused->offset + 1] == '=');
    FUZZ_CHECK(refused->offset == 0 || text[refused->offset - 1] == '\n');
    return 0;
  }
  FUZZ_CHECK(CheckWritten(parsed));

  for (int place = 0; place < 20; ++place) {
    WebRtcDescription model = parsed;
    WebRtcMedia& media = model.media.empty() ? model.media.emplace_back() : model.media.front();
    std::string_view rest = put;
    switch (place) {
      case 0: model.name = put; break;
      case 1: model.groups = {{put, Words("0")}, {"BUNDLE", Words(put)}}; break;
      case 2: model.others = {{put, ""}}; break;
      case 3: media.others = {{mediacore::TakeUntil(rest, ':'), rest}}; break;
      case 4: media.type = put; break;
      case 5: media.protocol = put; break;
      case 6: media.formats = {put}; break;
      case 7: media.codecs.push_back({mediacore::PayloadType(static_cast<int>(put.size())), put, 1, 0, {}, {}}); break;
      case 8: if (!media.codecs.empty()) media.codecs[0].fmtp = {FormatParameters(put)}; break;
      case 9: if (!media.codecs.empty()) media.codecs[0].feedback = {{put, ""}, {"nack", put}}; break;
      case 10: if (!media.codecs.empty()) media.codecs[0].encoding_name = put; break;
      case 11: media.extmaps = {{1, {}, put, ""}, {2, Direction::kInactive, "u", put}}; break;
      case 12: media.transport.ice_ufrag = IceUfrag{put}; break;
      case 13: {
        Candidate candidate{"f", 1, "udp", 1, "h", 9, "host", "", {}, Words(put)};
        media.transport.candidates = {candidate};
        break;
      }
      case 14: media.transport.candidates = {{put, 1, "udp", 1, "h", 9, "host", put, 5, {}}}; break;
      case 15: media.msids = {{put, ""}, {"-", put}}; break;
      case 16: media.ssrcs = {{mediacore::Ssrc(1), {"x", put}}}; break;
      case 17: media.rids = {{{}, RidAttribute::Direction::kSend, FormatParameters(put)}}; break;
      case 18: media.rtcp_xr = RtcpXr{Words(put)}; break;
      default: model.identity = Identity{put, put}; break;
    }
    static_cast<void>(CheckWritten(model));
  }
  return 0;
}
