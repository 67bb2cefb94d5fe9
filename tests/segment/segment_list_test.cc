#include "mediacore/segment/segment_list.h"

#include <gtest/gtest.h>

namespace mediacore::segment {
namespace {

ListedSegment Seconds(int seconds, std::uint32_t init = 1) {
  ListedSegment segment;
  segment.duration = TimeDelta::Seconds(seconds);
  segment.init = init;
  segment.independent = true;
  return segment;
}

class SegmentListTest : public ::testing::Test {
 protected:
  void Show() { list_.Describe(model_, names_, init_names_); }

  SegmentListTest() {
    names_.reserve(16);
    init_names_.reserve(16);
  }
  SegmentList list_{"video0", ".m4s", true, 16};
  playlist::MediaPlaylist model_;
  std::vector<FileName> names_;
  std::vector<FileName> init_names_;
};

TEST_F(SegmentListTest, ASegmentStaysForItsDurationAndThatOfTheLongestListThatHeldIt) {
  for (int i = 0; i < 5; ++i) list_.Append(Seconds(4));
  Show();
  list_.Append(Seconds(4));
  SegmentList::Removed removed;
  ASSERT_TRUE(list_.RemoveFirst(5, TimeDelta::Seconds(12), removed));
  EXPECT_EQ(removed.number, 0u);
  EXPECT_EQ(removed.stays, TimeDelta::Seconds(24));
  EXPECT_FALSE(removed.init.has_value());
  EXPECT_FALSE(list_.RemoveFirst(5, TimeDelta::Seconds(12), removed));
  EXPECT_EQ(list_.first_number(), 1u);
}

TEST_F(SegmentListTest, NoSegmentLeavesAListThatWouldBeTooShort) {
  for (int i = 0; i < 8; ++i) list_.Append(Seconds(1));
  SegmentList::Removed removed;
  EXPECT_FALSE(list_.RemoveFirst(5, TimeDelta::Seconds(12), removed));
  list_.Append(Seconds(5));
  EXPECT_TRUE(list_.RemoveFirst(5, TimeDelta::Seconds(12), removed));
}

TEST_F(SegmentListTest, AnInitializationSectionLeavesWithItsLastSegment) {
  list_.Append(Seconds(4, 1));
  list_.Append(Seconds(4, 1));
  for (int i = 0; i < 6; ++i) list_.Append(Seconds(4, 2));
  SegmentList::Removed removed;
  ASSERT_TRUE(list_.RemoveFirst(5, TimeDelta::Zero(), removed));
  EXPECT_FALSE(removed.init.has_value());
  ASSERT_TRUE(list_.RemoveFirst(5, TimeDelta::Zero(), removed));
  EXPECT_EQ(removed.init, 1u);
}

TEST_F(SegmentListTest, TheMapStandsWhereItChangesAndGapsNeedNone) {
  list_.Append(Seconds(4, 1));
  list_.Append(Seconds(4, 1));
  ListedSegment gap = Seconds(4, 7);
  gap.gap = true;
  gap.independent = false;
  list_.Append(gap);
  ListedSegment other = Seconds(4, 2);
  other.discontinuity = true;
  list_.Append(other);
  Show();
  EXPECT_EQ(model_.segments[0].map->uri, "video0-init1.mp4");
  EXPECT_FALSE(model_.segments[1].map.has_value());
  EXPECT_FALSE(model_.segments[2].map.has_value());
  EXPECT_EQ(model_.segments[3].map->uri, "video0-init2.mp4");
  EXPECT_EQ(model_.segments[3].uri, "video0-3.m4s");
  EXPECT_TRUE(model_.independent_segments);
  SegmentList::Removed removed;
  for (int i = 0; i < 4; ++i) {
    list_.Append(Seconds(4, 2));
    ASSERT_TRUE(list_.RemoveFirst(3, TimeDelta::Zero(), removed));
  }
  Show();
  EXPECT_EQ(model_.discontinuity_sequence, 1u);
}

}  // namespace
}  // namespace mediacore::segment
