#include "mediacore/rtmp/message.h"

#include <array>
#include <vector>

#include "../support/input.h"

namespace {

using namespace mediacore;
using namespace mediacore::rtmp;

// What is read and written again is the front of the payload.
template <typename T>
void Check(Bytes payload) {
  const auto message = T::Parse(payload);
  if (!message) {
    FUZZ_CHECK(ToString(message.error()).starts_with("rtmp control: "));
    return;
  }
  std::vector<std::uint8_t> out(message->WireSize());
  FUZZ_CHECK(!out.empty() && out.size() <= payload.size() && message->Write(out));
  FUZZ_CHECK(std::equal(out.begin(), out.end(), payload.begin()));
  FUZZ_CHECK(!message->Write(std::span(out).first(out.size() - 1)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes payload(data + 1, size - 1);
  const auto type = static_cast<MessageType>(data[0]);
  FUZZ_CHECK(!ToString(type).empty());
  switch (type) {
    case MessageType::kSetChunkSize: {
      const auto message = SetChunkSize::Parse(payload);
      FUZZ_CHECK(!message || (message->chunk_size() > 0 && message->chunk_size() <= kMaxMessageSize));
      Check<SetChunkSize>(payload);
      break;
    }
    case MessageType::kAbort: Check<Abort>(payload); break;
    case MessageType::kAcknowledgement: Check<Acknowledgement>(payload); break;
    case MessageType::kWindowAcknowledgementSize: Check<WindowAcknowledgementSize>(payload); break;
    case MessageType::kSetPeerBandwidth: {
      const auto message = SetPeerBandwidth::Parse(payload);
      FUZZ_CHECK(!message || static_cast<unsigned>(message->limit) <= 2);
      Check<SetPeerBandwidth>(payload);
      break;
    }
    case MessageType::kUserControl: {
      Check<UserControl>(payload);
      const auto message = UserControl::Parse(payload);
      if (!message) break;
      FUZZ_CHECK(!ToString(message->event).empty());
      std::array<std::uint8_t, 8> room{};
      const auto made = UserControl::Make(message->event, message->value(), message->buffer_ms(), room);
      FUZZ_CHECK(made.data.size() <= message->data.size());
      FUZZ_CHECK(std::equal(made.data.begin(), made.data.end(), message->data.begin()));
      break;
    }
    default: break;
  }
  return 0;
}
