#ifndef MEDIACORE_RTP_PACKET_WRITER_H_
#define MEDIACORE_RTP_PACKET_WRITER_H_

#include <optional>

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/rtp/header_extension.h"

namespace mediacore::rtp {

// Writes an RTP packet (RFC 3550, section 5.1) into the caller's bytes.
//
//   rtp::PacketWriter packet;
//   packet.ssrc = ssrc;
//   packet.sequence_number = next++;
//   const std::array extensions{rtp::ExtensionElement{1, mid}};
//   packet.extensions = extensions;
//   packet.payload = frame;
//   if (packet.Write(out)) Send(out.first(packet.WireSize()));
//
// Header extensions go out in the one-byte form when every id is 1-14 and every
// value 1-16 bytes, otherwise in the two-byte form (RFC 8285, section 4.1.2).
// What the writer borrows has to live until Write(). No heap.
struct PacketWriter {
  // A block that is not made of elements, under a profile of its own.
  struct ExtensionBlock {
    std::uint16_t profile = 0;
    Bytes bytes;  // a multiple of 4, may be none
  };

  bool marker = false;
  PayloadType payload_type;
  SequenceNumber sequence_number;
  RtpTimestamp timestamp;
  Ssrc ssrc;
  std::span<const Ssrc> csrcs;                  // at most 15
  std::span<const ExtensionElement> extensions;  // none: no extension block
  bool allow_two_byte = true;  // false: not agreed on (a=extmap-allow-mixed)
  std::optional<ExtensionBlock> extension_block;  // instead of `extensions`
  Bytes payload;
  std::uint8_t padding_size = 0;  // 0, or 1-255 bytes behind the payload

  // The form that `extensions` need; kOther when no form can hold them.
  constexpr ExtensionForm Form() const {
    if (extensions.empty()) return ExtensionForm::kNone;
    ExtensionForm form = ExtensionForm::kOneByte;
    for (const ExtensionElement& element : extensions) {
      if (element.id < 1 || element.id > 255 || element.value.size() > 255) {
        return ExtensionForm::kOther;
      }
      if (element.id > 14 || element.value.empty() || element.value.size() > 16) {
        form = ExtensionForm::kTwoByte;
      }
    }
    if (form == ExtensionForm::kTwoByte && !allow_two_byte) {
      return ExtensionForm::kOther;
    }
    return form;
  }

  // Bytes before the payload; 0 when they cannot be written: too many CSRCs,
  // extensions that fit no form, both kinds of extension, an extension block
  // that is not whole words, or more than 65535 bytes.
  constexpr std::size_t HeaderSize() const { return HeaderSize(Form()); }
  // The whole packet; 0 when it cannot be written.
  constexpr std::size_t WireSize() const { return WireSize(HeaderSize()); }

  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0. The payload may already be in place.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const ExtensionForm form = Form();
    const std::size_t header = HeaderSize(form);
    const std::size_t size = WireSize(header);
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    WriteHeader(writer, form, header);
    writer.WriteBytes(payload);
    if (padding_size != 0) {
      writer.Fill(padding_size - std::size_t{1}, 0);
      writer.WriteU8(padding_size);
    }
    return writer.ok();
  }

 private:
  static constexpr std::size_t kMaxSize = 0xffff;

  constexpr std::size_t WireSize(std::size_t header) const {
    if (header == 0 || payload.size() > kMaxSize) return 0;
    const std::size_t size = header + payload.size() + padding_size;
    return size <= kMaxSize ? size : 0;
  }
  constexpr std::size_t HeaderSize(ExtensionForm form) const {
    if (csrcs.size() > 15) return 0;
    std::size_t size = 12 + 4 * csrcs.size();
    if (extension_block) {
      const std::size_t block = extension_block->bytes.size();
      if (!extensions.empty() || block % 4 != 0 || block > kMaxSize) return 0;
      size += 4 + block;
    } else if (form != ExtensionForm::kNone) {
      if (form == ExtensionForm::kOther) return 0;
      size += 4;
      const std::size_t head = form == ExtensionForm::kOneByte ? 1 : 2;
      for (const ExtensionElement& element : extensions) {
        size += head + element.value.size();
        if (size > kMaxSize) return 0;
      }
      size = (size + 3) / 4 * 4;
    }
    return size <= kMaxSize ? size : 0;
  }

  constexpr void WriteHeader(ByteWriter& writer, ExtensionForm form,
                             std::size_t header) const {
    const bool extended = extension_block || form != ExtensionForm::kNone;
    writer.WriteU8(static_cast<std::uint8_t>(
        0x80u | (padding_size != 0 ? 0x20u : 0u) | (extended ? 0x10u : 0u) |
        csrcs.size()));
    writer.WriteU8(static_cast<std::uint8_t>((marker ? 0x80 : 0) |
                                             payload_type.value()));
    writer.WriteU16(sequence_number.value());
    writer.WriteU32(timestamp.value());
    writer.WriteU32(ssrc.value());
    for (const Ssrc csrc : csrcs) writer.WriteU32(csrc.value());
    if (!extended) return;
    const std::size_t block = header - writer.size() - 4;
    const auto words = static_cast<std::uint16_t>(block / 4);
    if (extension_block) {
      writer.WriteU16(extension_block->profile);
      writer.WriteU16(words);
      writer.WriteBytes(extension_block->bytes);
      return;
    }
    const bool one_byte = form == ExtensionForm::kOneByte;
    writer.WriteU16(one_byte ? kOneByteProfile : kTwoByteProfile);
    writer.WriteU16(words);
    for (const ExtensionElement& element : extensions) {
      const std::size_t size = element.value.size();
      if (one_byte) {
        writer.WriteU8(static_cast<std::uint8_t>(
            static_cast<std::size_t>(element.id) << 4 | (size - 1)));
      } else {
        writer.WriteU8(static_cast<std::uint8_t>(element.id));
        writer.WriteU8(static_cast<std::uint8_t>(size));
      }
      writer.WriteBytes(element.value);
    }
    writer.Fill(header - writer.size(), 0);
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_PACKET_WRITER_H_
