#ifndef MEDIACORE_TOOLS_INSPECT_REPORT_H_
#define MEDIACORE_TOOLS_INSPECT_REPORT_H_

#include <string>

#include "capture_summary.h"

namespace mediacore::tools {

// The same summary in three forms. Text out of the capture (names, CNAMEs) is
// never passed on raw: JSON and HTML are escaped, the table has none of it.

// For a terminal.
std::string ReportAsTable(const CaptureSummary& summary, const std::string& name);
// One object; docs/tools.md lists the fields.
std::string ReportAsJson(const CaptureSummary& summary, const std::string& name);
// One page with plots that needs nothing else.
std::string ReportAsHtml(const CaptureSummary& summary, const std::string& name);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_INSPECT_REPORT_H_
