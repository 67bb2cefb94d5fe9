#include "mediacore/stun/address.h"

#include <algorithm>

#include "../support/input.h"

// The first 12 bytes are a transaction id, the rest the value of an address. What
// reads is written back byte for byte, unless it was IPv4 in the clothes of IPv6;
// the XOR form and the plain one differ by the mask alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::stun;
  if (size < TransactionId::kSize) return 0;
  TransactionId id;
  std::copy_n(data, TransactionId::kSize, id.bytes.begin());
  const Bytes value(data + TransactionId::kSize, size - TransactionId::kSize);

  Endpoint endpoint;
  if (!ReadXorAddress(value, id, endpoint)) {
    FUZZ_CHECK(endpoint == Endpoint{} && !ReadAddress(value, endpoint));
    return 0;
  }
  FUZZ_CHECK(value.size() == (value[1] == 1 ? 8u : 20u));
  std::array<std::uint8_t, 20> out{};
  ByteWriter writer(out);
  WriteXorAddress(writer, endpoint, id);
  FUZZ_CHECK(writer.ok() && writer.size() == AddressValueSize(endpoint));
  Endpoint again;
  FUZZ_CHECK(ReadXorAddress(writer.written(), id, again) && again == endpoint);
  if (FamilyOf(endpoint.address) == static_cast<AddressFamily>(value[1])) {
    FUZZ_CHECK(std::ranges::equal(Bytes(writer.written()).subspan(1), value.subspan(1)));
  }
  FUZZ_CHECK(IsAddressFamily(value[1]) && ToString(FamilyOf(endpoint.address)) != "unknown");
  ByteWriter plain_writer(out);
  WriteAddress(plain_writer, endpoint);
  FUZZ_CHECK(ReadAddress(plain_writer.written(), again) && again == endpoint);
  std::array<std::uint8_t, 20> plain{};
  std::copy(value.begin(), value.end(), plain.begin());
  std::array<std::uint8_t, 16> mask = {0x21, 0x12, 0xa4, 0x42};
  std::copy_n(data, TransactionId::kSize, mask.begin() + 4);
  plain[2] ^= mask[0];
  plain[3] ^= mask[1];
  for (std::size_t i = 4; i < value.size(); ++i) plain[i] ^= mask[i - 4];
  FUZZ_CHECK(ReadAddress(Bytes(plain).first(value.size()), again) && again == endpoint);
  return 0;
}
