#include "mediacore/rtcp/congestion_feedback_builder.h"

#include <map>
#include <set>
#include <vector>

#include "../support/input.h"

namespace mediacore::rtcp {
namespace {

constexpr std::size_t kStreams = 3;
constexpr std::int64_t kWindow = 16;
using Builder = CongestionFeedbackBuilder<kStreams, kWindow>;

struct Packet {
  Ecn ecn;
  Timestamp arrival;
};
// All that came of a source, by numbers that do not wrap.
struct Stream {
  std::map<std::int64_t, Packet> packets;
  std::int64_t highest = 0;
  std::int64_t next = 0;  // the first that is to be told of
  std::int64_t anew = -1;
  int heard = 0;
};

// The same without bounds: remembers everything and looks it up.
class Model {
 public:
  void Handle(std::uint32_t ssrc, std::uint16_t number, Ecn ecn, Timestamp arrival) {
    ++heard_;
    if (!streams_.contains(ssrc)) {
      if (streams_.size() == kStreams) {
        auto oldest = streams_.begin();
        for (auto it = oldest; it != streams_.end(); ++it) {
          if (it->second.heard < oldest->second.heard) oldest = it;
        }
        Drop(oldest->second);
        streams_.erase(oldest);
        ++counters.streams_dropped;
      }
      streams_[ssrc] = Begin(number);
    }
    Stream& stream = streams_[ssrc];
    stream.heard = heard_;
    const std::int64_t ahead = SequenceNumber(number) - SequenceNumber(static_cast<std::uint16_t>(stream.highest));
    std::int64_t unwrapped = stream.highest + ahead;
    if (unwrapped <= stream.highest - kWindow) {
      if (stream.anew != number) {
        stream.anew = (number + 1) % 65'536;
        ++counters.too_old;
        return;
      }
      Drop(stream);
      stream = Begin(number);
      stream.heard = heard_;
      unwrapped = number;
    }
    stream.anew = -1;
    for (; stream.highest < unwrapped; ++stream.highest) {
      if (stream.next + kWindow <= stream.highest + 1) {
        ++stream.next;
        ++counters.passed_over;
      }
    }
    const auto [packet, is_new] = stream.packets.try_emplace(unwrapped, Packet{ecn, arrival});
    if (!is_new && (ecn != Ecn::kCe || packet->second.ecn == Ecn::kCe)) return;
    if (ecn == Ecn::kCe) packet->second.ecn = Ecn::kCe;
    stream.next = std::min(stream.next, unwrapped);
  }
  bool HasNews() const {
    for (const auto& [ssrc, stream] : streams_) {
      if (stream.next <= stream.highest) return true;
    }
    return false;
  }
  // A report is what comes next of its source. Whether it is all.
  bool Tell(const CongestionReportBlock& block, Timestamp now) {
    FUZZ_CHECK(streams_.contains(block.ssrc().value()));
    Stream& stream = streams_[block.ssrc().value()];
    FUZZ_CHECK(block.num_reports() > 0 && block.num_reports() <= kWindow);
    block.ForEach([&](SequenceNumber number, PacketMetric metric) {
      FUZZ_CHECK(stream.next <= stream.highest);
      FUZZ_CHECK(number == SequenceNumber(static_cast<std::uint16_t>(stream.next)));
      const auto packet = stream.packets.find(stream.next++);
      FUZZ_CHECK(metric.received() == (packet != stream.packets.end()));
      if (metric.received()) {
        FUZZ_CHECK(metric == PacketMetric::Received(packet->second.ecn, now - packet->second.arrival));
      }
    });
    return stream.next > stream.highest;
  }

  Builder::Counters counters;

 private:
  static Stream Begin(std::uint16_t number) {
    Stream stream;
    stream.highest = stream.next = number;
    return stream;
  }
  void Drop(const Stream& stream) {
    counters.passed_over += static_cast<std::uint64_t>(stream.highest + 1 - stream.next);
  }

  std::map<std::uint32_t, Stream> streams_;
  int heard_ = 0;
};

// Writes a message and holds it against the model; false when there was none.
bool Write(Builder& builder, Model& model, std::size_t room, Timestamp now) {
  std::vector<std::uint8_t> out(room, 0xee);
  FUZZ_CHECK(builder.HasNews() == model.HasNews());
  const std::size_t size = builder.WriteFront(out, now, ReportTimestamp(0x01020304));
  FUZZ_CHECK(size <= room && (size == 0) == (room < 24 || !model.HasNews()));
  for (std::size_t i = size; i < room; ++i) FUZZ_CHECK(out[i] == 0xee);
  if (size == 0) return false;
  ByteReader reader(Bytes(out).first(size));
  const auto message = CongestionFeedbackView::Parse(*BlockView::TakeFrom(reader));
  FUZZ_CHECK(message && reader.empty() && message->sender_ssrc() == Ssrc(9));
  FUZZ_CHECK(message->report_timestamp() == ReportTimestamp(0x01020304));
  std::set<std::uint32_t> told;
  for (const CongestionReportBlock block : *message) {
    FUZZ_CHECK(told.insert(block.ssrc().value()).second);
    // It ends early only where no further packet, or block, had room.
    FUZZ_CHECK(model.Tell(block, now) || room - size < 4);
  }
  FUZZ_CHECK(!model.HasNews() || room - size < 12);
  return true;
}

}  // namespace
}  // namespace mediacore::rtcp

// Whatever arrives in whatever order, messages of any size say what a model says
// that remembers everything.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  using mediacore::Ssrc;
  using mediacore::TimeDelta;
  mediacore::fuzz::Input input(data, size);
  Builder builder(Ssrc(9));
  Model model;
  auto now = mediacore::Timestamp::Seconds(100);
  std::array<std::uint16_t, 8> last{};
  while (!input.empty()) {
    // 1rrrrrrr: a message into r bytes. Else a packet: 0nneesss, its number given
    // by n as a step, as such, as the next, or as the next at a time that moved.
    const std::uint8_t choice = input.U8();
    if (choice >= 0x80) {
      Write(builder, model, choice & 0x7fu, now);
      continue;
    }
    std::uint16_t& number = last[choice & 7];
    switch (choice >> 5) {
      case 0: number = static_cast<std::uint16_t>(number + static_cast<std::int8_t>(input.U8())); break;
      case 1: number = input.U16(); break;
      case 3: now += TimeDelta::Millis(std::int64_t{static_cast<std::int8_t>(input.U8())} * 100); [[fallthrough]];
      default: ++number;
    }
    const mediacore::Ecn ecn = mediacore::EcnOf(static_cast<std::uint8_t>(choice >> 3));
    builder.HandlePacket(Ssrc(choice & 7), mediacore::SequenceNumber(number), ecn, now);
    model.Handle(choice & 7, number, ecn, now);
    FUZZ_CHECK(builder.counters() == model.counters);
  }
  while (Write(builder, model, 48, now)) {
  }
  FUZZ_CHECK(!builder.HasNews());
  return 0;
}
