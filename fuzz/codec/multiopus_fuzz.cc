#include "mediacore/codec/multiopus.h"

#include <string>
#include <string_view>

#include "../support/input.h"

// The input is the number of channels, then num_streams, coupled_streams and
// channel_mapping, a line each. What reads is a mapping, and written reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view streams = TakeUntil(text, '\n');
  const std::string_view coupled = TakeUntil(text, '\n');
  const auto multiopus = Multiopus::Parse(data[0], streams, coupled, text);
  if (!multiopus) {
    FUZZ_CHECK(ToString(multiopus.error()) != ToString(MultiopusError{99}));
    return 0;
  }
  FUZZ_CHECK(multiopus->channels == data[0]);
  FUZZ_CHECK(IsOpusChannelMapping(multiopus->num_streams, multiopus->coupled_streams, multiopus->channel_mapping()));
  std::string written;
  StringSink sink(written);
  FUZZ_CHECK(multiopus->WriteTo(sink));
  const auto value = [&written](std::string_view name) {
    std::string_view rest = std::string_view(written).substr(written.find(name) + name.size());
    return TakeUntil(rest, ';');
  };
  const auto again =
      Multiopus::Parse(data[0], value("num_streams="), value("coupled_streams="), value("channel_mapping="));
  FUZZ_CHECK(again && *again == *multiopus);
  return 0;
}
