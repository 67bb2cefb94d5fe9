#ifndef MEDIACORE_FUZZ_RTCP_FEEDBACK_CHECKS_H_
#define MEDIACORE_FUZZ_RTCP_FEEDBACK_CHECKS_H_

#include "checks.h"
#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Whether a block's view is there; when not, the cause is one, and the first
// that applies.
template <typename View>
bool IsTaken(const Expected<View, FeedbackError>& view, const BlockView& block, int packet_type, int format) {
  const bool own = block.packet_type() == packet_type && block.count() == format;
  if (view) {
    FUZZ_CHECK(own && block.body().size() >= FeedbackView::kSsrcsSize);
    return true;
  }
  FUZZ_CHECK(HasText(view.error()));
  if (!own) FUZZ_CHECK(view.error() == FeedbackError::kOtherMessage);
  if (own && block.body().size() < FeedbackView::kSsrcsSize) FUZZ_CHECK(view.error() == FeedbackError::kTooShort);
  return false;
}

// A message that is its two SSRCs is written as the bytes it was read from.
template <typename Message>
void CheckSignal(const BlockView& block, int packet_type, int format) {
  const auto message = Message::Parse(block);
  if (!IsTaken(message, block, packet_type, format)) return;
  FUZZ_CHECK(block.body().size() == FeedbackView::kSsrcsSize);
  std::vector<std::uint8_t> out;
  FUZZ_CHECK(std::ranges::equal(WriteAndTake(*message, out).body(), block.body()));
}

// A list has the entries that its bytes are of, gives them two ways alike, and
// is written to say the same.
template <typename Entry, int kPacketType, int kFormat, std::size_t kLeast>
void CheckList(const BlockView& block, FeedbackListWriter<Entry, kPacketType, kFormat, kLeast> writer) {
  using View = FeedbackListView<Entry, kPacketType, kFormat, kLeast>;
  const auto view = View::Parse(block);
  if (!IsTaken(view, block, kPacketType, kFormat)) return;
  FUZZ_CHECK(view->count() >= kLeast);
  FUZZ_CHECK(FeedbackView::kSsrcsSize + view->count() * Entry::kSize == block.body().size());
  std::vector<Entry> entries;
  for (const Entry entry : *view) {
    FUZZ_CHECK(entry == view->at(entries.size()) && entry.IsWritable());
    entries.push_back(entry);
  }
  FUZZ_CHECK(entries.size() == view->count());
  writer.sender_ssrc = view->sender_ssrc();
  writer.media_ssrc = view->media_ssrc();
  writer.entries = entries;
  std::vector<std::uint8_t> out;
  const auto again = View::Parse(WriteAndTake(writer, out));
  FUZZ_CHECK(again && out.size() == block.size() - block.padding_size());
  FUZZ_CHECK(again->sender_ssrc() == view->sender_ssrc() && again->media_ssrc() == view->media_ssrc());
  FUZZ_CHECK(std::ranges::equal(*again, entries));
}

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_FUZZ_RTCP_FEEDBACK_CHECKS_H_
