#include "mediacore/sdp/sdp_writer.h"

#include "../support/input.h"

// The input is a session description, a byte 0xff and a text. Wherever the text
// is put into the model: what is then written is a description of that model,
// or nothing is written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::sdp;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view put = text;
  text = mediacore::TakeUntil(put, '\xff');
  SessionView view;
  if (text.size() > 2000 || SessionView::Parse(text, {}, view)) return 0;
  const SessionDescription parsed = ToDescription(view);

  for (int place = 0; place < 24; ++place) {
    SessionDescription model = parsed;
    Media& media = model.media.empty() ? model.media.emplace_back() : model.media.front();
    switch (place) {
      case 0: model.name = put; break;
      case 1: model.origin.username = put; break;
      case 2: model.origin.session_id = put; break;
      case 3: model.origin.session_version = put; break;
      case 4: model.origin.address.text = put; break;
      case 5: model.information = put; break;
      case 6: model.emails = {put}; break;
      case 7: model.phones = {put}; break;
      case 8: model.connection = Connection{{AddressType::kIp4, put}, {}, 1}; break;
      case 9: model.connection = Connection{{AddressType::kIp6, put}, {}, static_cast<std::uint32_t>(put.size())}; break;
      case 10: model.bandwidths = {{put, 5}}; break;
      case 11: model.timings[0].repeats = {put}; break;
      case 12: model.timings[0].zones = put; break;
      case 13: model.key = put; break;
      case 14: model.attributes = {{put, "x"}}; break;
      case 15: model.attributes = {{"x", put}}; break;
      case 16: media.type = put; break;
      case 17: media.protocol = put; break;
      case 18: media.formats = {put}; break;
      case 19: media.formats.clear(); break;
      case 20: media.attributes = {{"rtpmap", put}}; break;
      case 21: media.attributes = {{"x", put}, {put, ""}}; break;
      case 22: media.connections.clear(); model.connection.reset(); break;
      default: model.uri = put; break;
    }
    std::string out = "?";
    const bool written = Write(model, out);
    std::string room(out.size() - 1, '?');
    std::size_t length = 0;
    FUZZ_CHECK(Write(model, std::span(room), length) == written);
    if (!written) {
      FUZZ_CHECK(out == "?");
      continue;
    }
    FUZZ_CHECK(length == room.size() && room == out.substr(1));
    SessionView again;
    FUZZ_CHECK(!SessionView::Parse(room, {.max_bytes = 1u << 20}, again));
    FUZZ_CHECK(ToDescription(again) == model);
  }
  return 0;
}
