#include "mediacore/rtcp/transport_feedback.h"

#include <vector>

#include "../support/input.h"
#include "transport_feedback_oracle.h"

namespace mediacore::rtcp {
namespace {

using fuzz::ToldPacket;

std::vector<ToldPacket> Told(const TransportFeedbackView& feedback) {
  std::vector<ToldPacket> packets;
  feedback.ForEach([&](SequenceNumber number, bool received, TimeDelta at) {
    FUZZ_CHECK(at.us() % 250 == 0);
    packets.push_back({number.value(), received, received ? at.us() / 250 : 0});
  });
  return packets;
}

// What was read as arrivals, written again in messages of at most `room` bytes:
// the same packets arrive at the same times, none is told twice.
void CheckRewrite(const TransportFeedbackView& feedback, const std::vector<ToldPacket>& packets, std::size_t room) {
  const Timestamp reference = Timestamp::Micros(0) + feedback.reference_time().time();
  std::vector<PacketArrival> arrivals;
  for (const ToldPacket& packet : packets) {
    if (packet.received) {
      arrivals.push_back({SequenceNumber(packet.number), reference + TimeDelta::Micros(packet.quarter_ms * 250)});
    }
  }
  TransportFeedbackWriter writer{feedback.sender_ssrc(), feedback.media_ssrc(), feedback.feedback_packet_count(),
                                 arrivals};
  std::size_t told = 0;
  SequenceNumber next;
  std::vector<std::uint8_t> out(room + 1, 0xee);
  FeedbackTimeUnwrapper unwrapper;
  FeedbackReferenceTime before_that = feedback.reference_time();
  TimeDelta unwrapped = unwrapper.Unwrap(before_that);
  while (!writer.arrivals.empty()) {
    const std::uint8_t count = writer.feedback_packet_count;
    const std::size_t before = writer.arrivals.size();
    const std::size_t size = writer.WriteFront(MutableBytes(out).first(room));
    FUZZ_CHECK(out[room] == 0xee && size <= room && size % 4 == 0);
    if (size == 0) {
      FUZZ_CHECK(room < 24);
      return;
    }
    ByteReader reader(Bytes(out).first(size));
    const auto block = BlockView::TakeFrom(reader);
    FUZZ_CHECK(block && reader.empty());
    const auto again = TransportFeedbackView::Parse(*block);
    FUZZ_CHECK(again.has_value() && again->feedback_packet_count() == count);
    FUZZ_CHECK(again->sender_ssrc() == feedback.sender_ssrc() && again->media_ssrc() == feedback.media_ssrc());
    FUZZ_CHECK(static_cast<std::size_t>(again->received_count()) == before - writer.arrivals.size());
    const TimeDelta since = again->reference_time().time();
    const TimeDelta step = unwrapper.Unwrap(again->reference_time()) - unwrapped;
    FUZZ_CHECK(step == again->reference_time() - before_that);
    before_that = again->reference_time();
    unwrapped += step;
    bool last = false;
    // Those that did not come are told of too, up to the first message's room.
    FUZZ_CHECK(told == 0 || next == again->base_sequence_number() || again->base_sequence_number() - next < 0x8000);
    next = again->base_sequence_number() + again->packet_status_count();
    again->ForEach([&](SequenceNumber number, bool received, TimeDelta at) {
      last = received;  // ends with one that came
      if (!received) return;
      FUZZ_CHECK(told < arrivals.size() && number == arrivals[told].number);
      const TimeDelta off = arrivals[told].time - (Timestamp::Micros(0) + since + at);
      // Reference times come round every 2^24 units.
      FUZZ_CHECK(off.us() % (std::int64_t{64'000} << 24) == 0);
      ++told;
    });
    FUZZ_CHECK(last);
  }
  FUZZ_CHECK(told == arrivals.size());
}

}  // namespace
}  // namespace mediacore::rtcp

// Any block: the view and the slow oracle agree on whether it is feedback, and on
// each packet; counts add up; written again in buffers of a size that the input
// chooses, it tells the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  ByteReader reader({data, size});
  const auto block = BlockView::TakeFrom(reader);
  if (!block) return 0;
  const auto feedback = TransportFeedbackView::Parse(*block);
  if (block->packet_type() != kTransportFeedback || block->count() != kFormatTransportWide) {
    FUZZ_CHECK(!feedback && ToString(feedback.error()) == "rtcp twcc: other message");
    return 0;
  }
  const auto oracle = fuzz::DecodeTransportFeedback(block->body());
  FUZZ_CHECK(feedback.has_value() == oracle.has_value());
  if (!feedback) {
    FUZZ_CHECK(ToString(feedback.error()) != "rtcp twcc: unknown");
    return 0;
  }
  const auto packets = Told(*feedback);
  FUZZ_CHECK(packets == *oracle);
  auto next = packets.begin();
  feedback->ForEachReceived([&](SequenceNumber number, TimeDelta at) {
    next = std::find_if(next, packets.end(), [](const auto& packet) { return packet.received; });
    FUZZ_CHECK(next != packets.end() && next->number == number.value() && next->quarter_ms * 250 == at.us());
    ++next;
  });
  FUZZ_CHECK(std::none_of(next, packets.end(), [](const auto& packet) { return packet.received; }));
  FUZZ_CHECK(packets.size() == static_cast<std::size_t>(feedback->packet_status_count()));
  FUZZ_CHECK(feedback->base_sequence_number().value() == packets[0].number);
  FUZZ_CHECK(std::count_if(packets.begin(), packets.end(), [](const auto& p) { return p.received; }) ==
             feedback->received_count());
  FUZZ_CHECK(16 + feedback->chunks().size() + feedback->deltas().size() == block->body().size());
  const auto bits = feedback->reference_time().bits();
  FUZZ_CHECK(FeedbackReferenceTime(bits) == feedback->reference_time() && bits <= 0xffffff);
  std::uint8_t choice = 0;
  static_cast<void>(reader.ReadU8(choice));
  if (packets.size() > 2'000 && choice % 16 != 0) return 0;  // slow
  CheckRewrite(*feedback, packets, choice < 200 ? 20 + choice : 1200);
  return 0;
}
