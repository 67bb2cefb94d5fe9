#include "mediacore/segment/sample_queue.h"

#include <cstring>
#include <deque>
#include <string>

#include <gtest/gtest.h>

namespace mediacore::segment {
namespace {

bool Push(SampleQueue& queue, const std::string& text) {
  std::uint8_t* to = queue.Reserve(text.size());
  if (to == nullptr) return false;
  std::memcpy(to, text.data(), text.size());
  queue.Push({.size = static_cast<std::uint32_t>(text.size())});
  return true;
}
std::string Text(Bytes bytes) { return std::string(bytes.begin(), bytes.end()); }

TEST(SampleQueueTest, FramesComeOutAsTheyWentInWhileTheRingTurns) {
  SampleQueue queue(100, 16);
  std::deque<std::string> expected;
  int pushed = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string text(static_cast<std::size_t>(1 + i * 7 % 23),
                           static_cast<char>('a' + i % 26));
    if (Push(queue, text)) {
      expected.push_back(text);
      ++pushed;
    } else {
      ASSERT_FALSE(queue.empty());
    }
    while (expected.size() > static_cast<std::size_t>(i % 5)) {
      EXPECT_EQ(Text(queue.data(0)), expected.front());
      expected.pop_front();
      queue.PopFront(1);
    }
    std::string all;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_EQ(Text(queue.data(k)), expected[k]);
      all += expected[k];
      const auto pieces = queue.Pieces(k + 1);
      EXPECT_EQ(Text(pieces[0]) + Text(pieces[1]), all);
    }
  }
  EXPECT_EQ(pushed, 1000);
}

TEST(SampleQueueTest, ItIsFullAtEitherCapacityAndEmptyAgainAfterwards) {
  SampleQueue queue(10, 3);
  EXPECT_EQ(queue.Reserve(11), nullptr);
  EXPECT_TRUE(Push(queue, "1234567890"));
  EXPECT_EQ(queue.Reserve(1), nullptr);
  queue.PopFront(1);
  for (const char* text : {"a", "b", "c"}) EXPECT_TRUE(Push(queue, text));
  EXPECT_EQ(queue.Reserve(1), nullptr);
  queue.PopBack(2);
  EXPECT_TRUE(Push(queue, "d"));
  EXPECT_EQ(Text(queue.Pieces(2)[0]), "ad");
}

TEST(SampleQueueTest, SegmentAfterSegmentStaysInTheMemoryThatASegmentNeeds) {
  SampleQueue queue(1 << 20, 64);
  const std::string text(100, 'x');
  ASSERT_TRUE(Push(queue, text));
  const std::uint8_t* const start = queue.data(0).data();
  for (int segment = 0; segment < 1000; ++segment) {
    // Nine more, and the first of the next, which is moved.
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(Push(queue, text));
    ASSERT_TRUE(Push(queue, "next" + text));
    EXPECT_LE(queue.data(10).data() + 104, start + 1200);
    queue.PopFront(10);
    EXPECT_EQ(Text(queue.data(0)), "next" + text);
    EXPECT_EQ(queue.data(0).data(), start);
  }
}

}  // namespace
}  // namespace mediacore::segment
