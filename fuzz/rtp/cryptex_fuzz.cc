#include "mediacore/rtp/cryptex.h"

#include <vector>

#include "../support/input.h"

// First byte: trailer size. What PacketView takes, this takes for the causes it
// has alone; ranges tile the packet; the mark changes two bytes and comes off.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  if (size == 0) return 0;
  const std::size_t trailer = data[0];
  const Bytes packet(data + 1, size - 1);
  std::vector<std::uint8_t> copy(packet.begin(), packet.end());
  const auto all = CryptexView::Parse(packet);
  const auto view = CryptexView::Parse(packet, trailer);
  const bool marked = MarkCryptex(copy);
  FUZZ_CHECK(marked == all.has_value());
  if (!all) {
    FUZZ_CHECK(!view && view.error() == all.error() && all.error() != CryptexError::kTrailerTooLong);
    FUZZ_CHECK(ToString(all.error()) != "cryptex: unknown");
    FUZZ_CHECK(std::ranges::equal(copy, packet));
    return 0;
  }
  FUZZ_CHECK(view.has_value() == (trailer <= all->rest().size - 4u * LoadU16(data + 1 + all->rest().offset - 2)));
  if (!view) FUZZ_CHECK(view.error() == CryptexError::kTrailerTooLong);

  FUZZ_CHECK(all->csrcs().offset == 12 && all->csrcs().offset + all->csrcs().size == all->extension_header().offset);
  FUZZ_CHECK(all->extension_header().offset + 4 == all->rest().offset);
  FUZZ_CHECK(all->rest().offset + all->rest().size == packet.size());
  if (view) FUZZ_CHECK(view->rest().size + trailer == all->rest().size && view->csrcs() == all->csrcs());
  if (const auto rtp = PacketView::Parse(packet)) {
    FUZZ_CHECK(all->rest().offset + rtp->extension_block().size() == rtp->header_size());
    FUZZ_CHECK((rtp->extension_form() == ExtensionForm::kOther) == all->is_marked());
  }

  FUZZ_CHECK(CryptexView::Parse(copy)->is_marked() && CryptexView::Parse(copy)->form() == all->form());
  for (std::size_t i = 0; i < copy.size(); ++i) {
    const std::size_t at = all->extension_header().offset;
    FUZZ_CHECK(copy[i] == packet[i] || (!all->is_marked() && (i == at || i == at + 1)));
  }
  FUZZ_CHECK(UnmarkCryptex(copy));
  FUZZ_CHECK(all->is_marked() || std::ranges::equal(copy, packet));
  return 0;
}
