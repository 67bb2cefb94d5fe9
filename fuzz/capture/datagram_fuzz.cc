#include "mediacore/capture/datagram.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/capture/pcap_reader.h"
#include "mediacore/capture/pcap_writer.h"

// Any bytes behind any link header: refused with a known reason, or a payload
// that lies inside the packet; and what PcapWriter writes of it reads back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::capture;
  constexpr LinkType kLinks[] = {
      LinkType::kNull, LinkType::kEthernet, LinkType::kRaw,       LinkType::kLoop,
      LinkType::kIpv4, LinkType::kIpv6,     LinkType::kLinuxSll2, LinkType::kLinuxSll,
      LinkType::kUdpPayload, LinkType{9}};
  if (size == 0) return 0;
  const LinkType link = kLinks[data[0] % std::size(kLinks)];
  const auto parsed = Datagram::Parse(link, {data + 1, size - 1});
  if (!parsed) {
    FUZZ_CHECK(static_cast<int>(parsed.error()) < kDatagramErrorCount && !ToString(parsed.error()).empty());
    return 0;
  }
  const Datagram& in = *parsed;
  FUZZ_CHECK(in.payload.data() > data && in.payload.data() + in.payload.size() <= data + size);

  const PcapWriter writer(data[0] < 128 ? LinkType::kEthernet : LinkType::kRaw);
  std::vector<std::uint8_t> file(PcapWriter::kFileHeaderSize + writer.WireSize(in));
  const std::size_t header = writer.WriteFileHeader(file);
  const std::size_t record_size = writer.WriteDatagram(7, in, MutableBytes(file).subspan(header));
  const bool one_kind = in.source.address.IsV4() == in.destination.address.IsV4();
  FUZZ_CHECK(record_size == (one_kind && in.payload.size() <= PcapWriter::kMaxPayload
                                 ? writer.WireSize(in) : 0));
  if (record_size == 0) return 0;
  const auto opened = PcapReader::Open(file);
  FUZZ_CHECK(opened.has_value());
  PcapReader reader = *opened;
  Record record;
  FUZZ_CHECK(reader.Next(record) && record.unix_ns == 7);
  const auto out = Datagram::Parse(record.link_type, record.packet);
  FUZZ_CHECK(out && out->source == in.source && out->destination == in.destination);
  FUZZ_CHECK(std::equal(in.payload.begin(), in.payload.end(), out->payload.begin(),
                        out->payload.end()));
  return 0;
}
