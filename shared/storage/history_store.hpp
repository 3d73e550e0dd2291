#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/deployment_history.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file What became of deployments: pages of them, one of them, its log.
///
/// Upstream: the gateway's history. Downstream: PostgreSQL.

namespace libra {

/// On whose behalf is read: what belongs to organisations the user is a member of.
struct Reader {
    std::string user_id{};
    bool everywhere{};  // of all organisations
};

/// Every part that is set has to match. Without organisation and project: the deployments of all
/// organisations the user is a member of, also for who may read everywhere.
struct HistoryFilter {
    std::optional<std::string> org_id{};
    std::optional<std::string> project_id{};
    std::optional<DeploymentStatus> status{};
};

/// Where a page ends.
struct HistoryPosition {
    std::int64_t created_at{};  // microseconds since 1970
    std::string deployment_id{};

    bool operator==(const HistoryPosition&) const = default;
};

struct HistoryPage {
    std::vector<DeploymentSummary> deployments{};  // newest first
    std::optional<HistoryPosition> next{};         // `before` of the next page
};

struct LogSelection {
    std::optional<StepName> step{};
    std::int64_t after{};  // a sequence; lines with higher ones
    int limit{};
};

struct LogEntry {
    std::int64_t seq{};
    UtcTime at{};
    std::string step{};
    std::string stream{};
    std::string line{};
};

struct LogPage {
    std::vector<LogEntry> lines{};
    bool finished{};  // the deployment has ended, and no line that matches comes after these
};

/// Thread-safe; blocks and fails (`unavailable`) like AdmissionStore. What the reader may not see
/// is `not_found`, as if it were not there.
class HistoryStore {
public:
    virtual ~HistoryStore() = default;

    /// @return `not_found` for the filter's organisation, or for its project (in that
    /// organisation).
    virtual Result<HistoryPage> list(
        const Reader& reader,
        const HistoryFilter& filter,
        const std::optional<HistoryPosition>& before,
        int limit
    ) = 0;

    virtual Result<DeploymentHistory>
    find(const Reader& reader, const std::string& deployment_id) = 0;

    virtual Result<LogPage>
    log(const Reader& reader, const std::string& deployment_id, const LogSelection& selection) = 0;
};

}  // namespace libra
