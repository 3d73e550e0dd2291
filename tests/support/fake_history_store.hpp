#pragma once

#include "shared/storage/history_store.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked. A log is given out as the real store
/// does: what comes after the sequence, up to the limit.
class FakeHistoryStore final : public HistoryStore {
public:
    struct Call {
        std::string what{};
        Reader reader{};
        std::string deployment_id{};
        HistoryFilter filter{};
        std::optional<HistoryPosition> before{};
        int limit{};
        LogSelection selection{};
    };

    Result<HistoryPage> list(
        const Reader& reader,
        const HistoryFilter& filter,
        const std::optional<HistoryPosition>& before,
        int limit
    ) override
    {
        calls.push_back(
            {.what = "list", .reader = reader, .filter = filter, .before = before, .limit = limit}
        );
        return page;
    }

    Result<DeploymentHistory> find(const Reader& reader, const std::string& deployment_id) override
    {
        calls.push_back({.what = "find", .reader = reader, .deployment_id = deployment_id});
        return deployment;
    }

    Result<LogPage>
    log(const Reader& reader, const std::string& deployment_id, const LogSelection& selection
    ) override
    {
        calls.push_back(
            {.what = "log",
             .reader = reader,
             .deployment_id = deployment_id,
             .selection = selection}
        );
        if (log_failure) {
            return *log_failure;
        }
        LogPage given{.finished = ended};
        for (const LogEntry& line : lines) {
            if (line.seq <= selection.after) {
                continue;
            }
            if (std::cmp_equal(given.lines.size(), selection.limit)) {
                given.finished = false;
                break;
            }
            given.lines.push_back(line);
        }
        return given;
    }

    Result<HistoryPage> page{HistoryPage{}};
    Result<DeploymentHistory> deployment{DeploymentHistory{}};
    std::vector<LogEntry> lines{};
    bool ended{true};
    std::optional<Error> log_failure{};
    std::vector<Call> calls{};
};

}  // namespace libra::testing
