// RTX, RED and ULPFEC of browsers: counts as the captures' page says, what is
// restored is what was sent, and what is written is what came.
#include <algorithm>
#include <map>
#include <regex>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_rewriter.h"
#include "mediacore/rtp/packet_writer.h"
#include "mediacore/rtp/red.h"
#include "mediacore/rtp/rtx.h"
#include "mediacore/rtp/ulpfec.h"

namespace mediacore::rtp {
namespace {

using Buffer = std::vector<std::uint8_t>;

// Ids of Chromium's offers, whose values are set as a packet leaves: a packet that is
// sent again has others, and FEC was made when they were still 0.
constexpr int kAbsSendTime = 2;
constexpr int kTransportSequenceNumber = 4;
constexpr int kVideoTiming = 7;  // of it "left pacer", 2 bytes from byte 7 on
constexpr int kMid = 9;
constexpr int kRid = 10;
constexpr int kRepairedRid = 11;

template <typename Writer>
Buffer Written(const Writer& writer) {
  Buffer out(writer.WireSize());
  EXPECT_TRUE(!out.empty() && writer.Write(out));
  return out;
}

// visit(const PacketView&, source port) for each RTP packet.
template <typename Visit>
void ForEachPacket(const std::string& name, Visit&& visit) {
  EXPECT_TRUE(testing::ForEachDatagram(name, [&](const capture::Datagram& datagram) {
    if (Demultiplex(datagram.payload) != PacketKind::kRtp) return;
    const auto packet = PacketView::Parse(datagram.payload);
    ASSERT_TRUE(packet) << ToString(packet.error());
    visit(*packet, datagram.source.port);
  })) << name;
}

std::string ReadText(const std::string& name) {
  const auto bytes = testing::ReadWholeFile(testing::CaptureFolder() / name);
  return {bytes.begin(), bytes.end()};
}

// rtx payload type -> associated one
std::map<int, int> AssociatedTypes(const std::string& capture) {
  std::map<int, int> types;
  const std::string sdp = ReadText(capture.substr(0, capture.find('.')) + ".sdp.txt");
  const std::regex apt("a=fmtp:(\\d+) apt=(\\d+)");
  for (std::sregex_iterator at(sdp.begin(), sdp.end(), apt), end; at != end; ++at) {
    types[std::stoi((*at)[1])] = std::stoi((*at)[2]);
  }
  return types;
}

// `restored` with the values that `original` was sent with.
Buffer AsItLeft(Buffer restored, const PacketView& original) {
  const auto packet = PacketRewriter::Parse(restored);
  for (const int id : {kAbsSendTime, kTransportSequenceNumber, kVideoTiming}) {
    Bytes value;
    if (original.FindExtension(id, value)) {
      EXPECT_TRUE(packet->SetExtension(id, value));
    }
  }
  return restored;
}

// The extension elements of a packet that do not change as it leaves. A repaired RID counts as
// the RID, and neither it nor MID is on every packet of a stream (RFC 8852).
std::map<int, Buffer> Elements(const PacketView& packet, bool with_names) {
  std::map<int, Buffer> elements;
  packet.ForEachExtension([&](int id, Bytes value) {
    if (id == kAbsSendTime || id == kTransportSequenceNumber || id == kVideoTiming) value = {};
    if (with_names || (id != kMid && id != kRid && id != kRepairedRid))
      elements[id] = Buffer(value.begin(), value.end());
  });
  return elements;
}

struct RtxCount {
  int padding_only = 0;
  int restored = 0;
  int equal = 0;        // to the packet that it repeats, to the last byte
  int other_order = 0;  // but for the order of the extension elements
  int other_names = 0;  // but for MID and RID
  bool operator==(const RtxCount&) const = default;
};
std::ostream& operator<<(std::ostream& out, const RtxCount& count) {
  return out << count.padding_only << " padding only, " << count.restored << " restored, " << count.equal << " equal, "
             << count.other_order << " in other order, " << count.other_names << " with other names";
}
RtxCount RestoreAll(const std::string& name) {
  const std::map<int, int> associated = AssociatedTypes(name);
  EXPECT_FALSE(associated.empty());
  struct Key {
    int port, type, number;
    std::uint32_t timestamp;
    auto operator<=>(const Key&) const = default;
  };
  std::map<Key, std::vector<Buffer>> sent;  // simulcast: one for each SSRC
  RtxCount count;
  ForEachPacket(name, [&](const PacketView& packet, int port) {
    const auto type = associated.find(packet.payload_type().value());
    if (type == associated.end()) {
      sent[{port, packet.payload_type().value(), packet.sequence_number().value(), packet.timestamp().value()}]
          .emplace_back(packet.bytes().begin(), packet.bytes().end());
      return;
    }
    const auto rtx = RtxView::Parse(packet);
    if (!rtx) {
      EXPECT_EQ(rtx.error(), RtxError::kPaddingOnly);
      ++count.padding_only;
      return;
    }
    ++count.restored;
    Ssrc ssrc(0xcafe);
    const auto originals =
        sent.find({port, type->second, rtx->original_sequence_number().value(), packet.timestamp().value()});
    if (originals != sent.end()) {
      for (const Buffer& bytes : originals->second) {
        const auto original = PacketView::Parse(bytes);
        if (!std::ranges::equal(original->payload(), rtx->original_payload())) continue;
        ssrc = original->ssrc();
        const Buffer restored = Written(RtxOriginalWriter{*rtx, PayloadType(type->second), ssrc});
        if (original->extension_block().size() == packet.extension_block().size() &&
            AsItLeft(restored, *original) == bytes) {
          ++count.equal;
          break;
        }
        const auto view = PacketView::Parse(restored);
        EXPECT_EQ(view->marker(), original->marker());
        EXPECT_EQ(view->csrc_count(), original->csrc_count());
        EXPECT_EQ(Elements(*view, false), Elements(*original, false));
        const bool same_names = Elements(*view, true) == Elements(*original, true);
        ++(same_names ? count.other_order : count.other_names);
        break;
      }
    }
    const Buffer restored = Written(RtxOriginalWriter{*rtx, PayloadType(type->second), ssrc});
    const auto original = PacketView::Parse(restored);
    ASSERT_TRUE(original);
    const RtxWriter again{*original, packet.payload_type(), packet.ssrc(), packet.sequence_number(),
                          static_cast<std::uint8_t>(packet.padding_size())};
    EXPECT_TRUE(std::ranges::equal(Written(again), packet.bytes()));
  });
  return count;
}

TEST(RepairCapturesTest, EveryRetransmissionOfASenderIsThePacketThatItSentBefore) {
  if (!std::filesystem::exists(testing::CaptureFolder())) GTEST_SKIP() << "no ../shared/captures";
  EXPECT_EQ(RestoreAll("chromium-av1-l1t3.pcap"), (RtxCount{9, 2, 0, 2, 0}));
  EXPECT_EQ(RestoreAll("chromium-p2p-dtls13-datachannel.plain.pcap"), (RtxCount{13, 10, 0, 10, 0}));
  EXPECT_EQ(RestoreAll("chromium-vp8-bottleneck.sender.pcap"), (RtxCount{33, 97, 89, 8, 0}));
  EXPECT_EQ(RestoreAll("chromium-vp8-red-ulpfec-loss5.sender.pcap"), (RtxCount{4, 32, 27, 5, 0}));
  EXPECT_EQ(RestoreAll("chromium-janus-simulcast3.sender.pcap"), (RtxCount{6, 11, 0, 0, 11}));
  EXPECT_EQ(RestoreAll("chromium-vp8-simulcast3.pcap"), (RtxCount{8, 8, 0, 0, 8}));
  EXPECT_EQ(RestoreAll("chromium-vp9-svc-l3t3key.pcap"), (RtxCount{4, 0, 0, 0, 0}));
}

// Most originals never arrived; those that did are the same.
TEST(RepairCapturesTest, EveryRetransmissionOfAReceiverIsRestored) {
  if (!std::filesystem::exists(testing::CaptureFolder())) GTEST_SKIP() << "no ../shared/captures";
  EXPECT_EQ(RestoreAll("chromium-h264-loss3.receiver.pcap"), (RtxCount{6, 35, 4, 3, 0}));
  EXPECT_EQ(RestoreAll("chromium-vp8-red-ulpfec-loss5.receiver.pcap"), (RtxCount{4, 31, 7, 5, 0}));
}

// Payload type of the RED packets -> payload type of the blocks -> how many.
using RedCounts = std::map<int, std::map<int, int>>;

// "RED blocks by payload type (video 118): {96: 426, 120: 136}; (audio 63): {111: 501}"
RedCounts PageCounts(const std::string& name) {
  const std::string page = ReadText("README.md");
  const std::size_t from = page.find("\n## " + name + "\n");
  const std::size_t at = page.find("RED blocks", from);
  EXPECT_TRUE(from != std::string::npos && at != std::string::npos);
  const std::string line = page.substr(at, page.find('\n', at) - at);
  RedCounts counts;
  const std::regex list("\\(\\w+ (\\d+)\\): \\{([^}]*)\\}"), entry("(\\d+): (\\d+)");
  for (std::sregex_iterator one(line.begin(), line.end(), list), end; one != end; ++one) {
    const std::string entries = (*one)[2];
    for (std::sregex_iterator pair(entries.begin(), entries.end(), entry); pair != end; ++pair) {
      counts[std::stoi((*one)[1])][std::stoi((*pair)[1])] = std::stoi((*pair)[2]);
    }
  }
  return counts;
}

void CheckRedAndFec(const std::string& name) {
  RedCounts counts;
  int fecs = 0;
  ForEachPacket(name, [&](const PacketView& packet, int) {
    const int type = packet.payload_type().value();
    if (type != 118 && type != 63) return;
    const auto red = RedView::Parse(packet.payload(), 4);
    ASSERT_TRUE(red) << ToString(red.error());
    std::vector<RedBlock> redundant;
    for (const RedBlock& block : *red) {
      ++counts[type][block.payload_type.value()];
      redundant.push_back(block);
      if (block.payload_type != PayloadType(120)) continue;
      const auto fec = UlpFecView::Parse(block.payload);
      ASSERT_TRUE(fec) << ToString(fec.error());
      std::vector<UlpFecLevel> levels;
      for (const UlpFecLevel& level : *fec) levels.push_back(level);
      const UlpFecWriter writer{fec->recovery(), fec->sn_base(), levels, fec->mask_bits() == 48};
      EXPECT_TRUE(std::ranges::equal(Written(writer), block.payload));
      ++fecs;
    }
    const RedBlock primary = redundant.back();
    redundant.pop_back();
    EXPECT_TRUE(
        std::ranges::equal(Written(RedWriter{redundant, primary.payload_type, primary.payload}), packet.payload()));
  });
  EXPECT_EQ(counts, PageCounts(name));
  EXPECT_EQ(fecs, counts[118][120]);
}

TEST(RepairCapturesTest, BlocksOfRedAreAsManyAsThePageSaysAndAreWrittenAgain) {
  if (!std::filesystem::exists(testing::CaptureFolder())) GTEST_SKIP() << "no ../shared/captures";
  CheckRedAndFec("chromium-vp8-red-ulpfec-loss5.sender.pcap");
  CheckRedAndFec("chromium-vp8-red-ulpfec-loss5.receiver.pcap");
}

// The packet as it was before it was wrapped in RED and got the values of its leaving.
Buffer BeforeRedAndPacer(const PacketView& packet, const RedBlock& block) {
  Buffer bytes(packet.bytes().begin(), packet.bytes().begin() + static_cast<std::ptrdiff_t>(packet.header_size()));
  bytes.insert(bytes.end(), block.payload.begin(), block.payload.end());
  const auto rewriter = PacketRewriter::Parse(bytes);
  rewriter->SetPayloadType(block.payload_type);
  MutableBytes value;
  for (const int id : {kAbsSendTime, kTransportSequenceNumber}) {
    if (rewriter->FindExtension(id, value)) std::ranges::fill(value, std::uint8_t{0});
  }
  if (rewriter->FindExtension(kVideoTiming, value)) std::ranges::fill(value.subspan(7, 2), std::uint8_t{0});
  return bytes;
}

TEST(RepairCapturesTest, FecIsTheXorOfThePacketsThatItProtectsAndBringsBackAnyOfThem) {
  if (!std::filesystem::exists(testing::CaptureFolder())) GTEST_SKIP() << "no ../shared/captures";
  std::map<int, Buffer> media;
  int fecs = 0;
  int recovered = 0;
  ForEachPacket("chromium-vp8-red-ulpfec-loss5.sender.pcap", [&](const PacketView& packet, int) {
    if (packet.payload_type() != PayloadType(118)) return;
    const RedBlock block = RedView::Parse(packet.payload())->primary();
    if (block.payload_type != PayloadType(120)) {
      media[packet.sequence_number().value()] = BeforeRedAndPacer(packet, block);
      return;
    }
    ++fecs;
    const auto fec = UlpFecView::Parse(block.payload);
    ASSERT_TRUE(fec);
    const UlpFecLevel level = fec->first_level();
    const auto packet_of = [&](SequenceNumber number) { return *PacketView::Parse(media.at(number.value())); };

    // As a sender makes it.
    UlpFecWriter writer;
    writer.sn_base = fec->sn_base();
    Buffer protection(level.payload.size());
    for (const SequenceNumber number : fec->packets(level)) {
      ASSERT_TRUE(media.contains(number.value()));
      writer.recovery.Xor(packet_of(number));
      XorProtected(packet_of(number), 0, protection);
    }
    const std::array levels{UlpFecLevel{level.mask, protection}};
    writer.levels = levels;
    EXPECT_TRUE(std::ranges::equal(Written(writer), block.payload));

    // As a receiver uses it, each of the packets being lost.
    for (const SequenceNumber lost : fec->packets(level)) {
      FecRecovery fields = fec->recovery();
      Buffer bytes(12 + level.payload.size());
      std::ranges::copy(level.payload, bytes.begin() + 12);
      for (const SequenceNumber number : fec->packets(level)) {
        if (number == lost) continue;
        fields.Xor(packet_of(number));
        XorProtected(packet_of(number), 0, MutableBytes(bytes).subspan(12));
      }
      fields.WriteHeader(lost, packet.ssrc(), std::span<std::uint8_t, 12>(bytes.data(), 12));
      bytes.resize(12u + fields.length);
      EXPECT_EQ(bytes, media.at(lost.value()));
      ++recovered;
    }
  });
  EXPECT_EQ(fecs, 136);
  EXPECT_GT(recovered, fecs);
}

}  // namespace
}  // namespace mediacore::rtp
