#ifndef MEDIACORE_TOOLS_DESCRIBE_RTCP_H_
#define MEDIACORE_TOOLS_DESCRIBE_RTCP_H_

#include "describe.h"
#include "mediacore/rtcp/block_view.h"

namespace mediacore::tools {

// Parts of DescribeRtcp(). Offsets count from the first byte of the block.

// Packet types 205 and 206, whatever their format.
Verdict DescribeFeedback(const rtcp::BlockView& block, Fields& fields);
// Packet type 207; refused also for a block inside that is of a known type and malformed.
Verdict DescribeExtendedReport(const rtcp::BlockView& block, Fields& fields);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_DESCRIBE_RTCP_H_
