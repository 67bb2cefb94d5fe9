#include <bitset>

#include "describe.h"
#include "lenient_packet.h"

namespace mediacore::tools {
namespace {

using rtp::ExtensionKind;

constexpr std::string_view ToString(rtp::ExtensionForm form) {
  switch (form) {
    case rtp::ExtensionForm::kNone: return "none";
    case rtp::ExtensionForm::kOneByte: return "one-byte";
    case rtp::ExtensionForm::kTwoByte: return "two-byte";
    case rtp::ExtensionForm::kOther: break;
  }
  return "other";
}

// What a header says beside its bytes.
struct Context {
  const rtp::ExtensionMap& extensions;
  rtp::DependencyDescriptorReader& dependencies;
};

void DescribeExtensions(const rtp::PacketView& packet, const Context& context, Fields& fields) {
  fields.BeginObject("extension");
  fields("profile", packet.extension_profile());
  fields("form", ToString(packet.extension_form()));
  if (packet.extension_form() == rtp::ExtensionForm::kOther) {
    fields("bytes", packet.extension_block());
  } else {
    fields.BeginList("elements");
    // Of two elements with one id the first counts.
    std::bitset<256> seen;
    packet.ForEachExtension([&](int id, Bytes value) {
      fields.BeginObject("");
      fields("id", id);
      const ExtensionKind kind = context.extensions.KindOf(id);
      if (kind != ExtensionKind::kUnknown) fields("name", rtp::ExtensionShortName(kind));
      fields("bytes", value);
      if (seen.test(static_cast<std::size_t>(id))) {
        fields("repeated", true);
      } else if (kind != ExtensionKind::kUnknown) {
        const Verdict verdict = DescribeExtensionValue(kind, value, context.dependencies, fields);
        if (!verdict.refusal.empty()) fields("error", verdict.refusal);
      }
      seen.set(static_cast<std::size_t>(id));
      fields.End();
    });
    fields.End();
  }
  fields.End();
}

void DescribeParsed(const rtp::PacketView& packet, const Context& context, Fields& fields) {
  fields("payload_type", packet.payload_type());
  fields("marker", packet.marker());
  fields("sequence_number", packet.sequence_number());
  fields("timestamp", packet.timestamp());
  fields("ssrc", packet.ssrc());
  if (packet.csrc_count() > 0) {
    fields.BeginList("csrcs");
    for (int i = 0; i < packet.csrc_count(); ++i) fields("", packet.csrc(i));
    fields.End();
  }
  if (packet.has_extension()) DescribeExtensions(packet, context, fields);
  fields("header_size", packet.header_size());
  fields("payload_size", packet.payload().size());
  fields("padding_size", packet.padding_size());
}

}  // namespace

Verdict DescribeRtp(Bytes packet, const rtp::ExtensionMap& extensions, rtp::DependencyDescriptorReader& dependencies,
                    Fields& fields) {
  const Context context{extensions, dependencies};
  LenientPacket lenient;
  const auto view = lenient.Parse(packet);
  if (!view) return {rtp::ToString(view.error()), 0};
  DescribeParsed(*view, context, fields);
  return {lenient.bad_padding() ? rtp::ToString(rtp::PacketError::kBadPadding) : std::string_view(), 0};
}

}  // namespace mediacore::tools
