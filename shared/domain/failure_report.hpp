#pragma once

#include "shared/base/clock.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// @file What is known of a failed deployment beyond its code: what failed, what it said first, the
/// likely cause and the fix, and what has changed since the project's last good release.
///
/// Upstream: the build and its diagnosis. Downstream: the store, and GET /deployments/{id}. It only
/// explains: nothing decides by it.

namespace libra {

/// An error line that was recognised in a command's output.
struct RecognizedError {
    std::string cause{};                           // as `FailureReport::cause`; empty: unknown
    std::map<std::string, std::string> details{};  // what it names: `file`, `line`, `module`, …

    bool operator==(const RecognizedError&) const = default;
};

/// The limit that ended a command.
struct LimitHit {
    std::string resource{};                 // `memory`, `disk`, `files`, `processes` or `time`
    std::int64_t limit{};                   // bytes; of time milliseconds; of others how many
    std::optional<std::int64_t> reached{};  // the peak, in the same unit, where it is known

    bool operator==(const LimitHit&) const = default;
};

/// Names, of which only the first few are kept.
struct NameList {
    std::int64_t count{};
    std::vector<std::string> first{};

    bool operator==(const NameList&) const = default;
};

struct NameChanges {
    NameList added{};
    NameList changed{};
    NameList removed{};

    bool operator==(const NameChanges&) const = default;
};

struct VersionChange {
    std::string name{};
    std::string from{};  // empty: was not there
    std::string to{};    // empty: is not there any more

    bool operator==(const VersionChange&) const = default;
};

struct PackageChanges {
    std::int64_t added{};
    std::int64_t changed{};
    std::int64_t removed{};
    std::vector<VersionChange> first{};  // those that package.json names first

    bool operator==(const PackageChanges&) const = default;
};

/// What is different from the project's last good release. A part that is not there is not known;
/// one that is there and empty says that nothing changed.
struct ReleaseChanges {
    std::string deployment_id{};  // of that release
    UtcTime finished_at{};
    std::optional<NameChanges> files{};
    std::optional<PackageChanges> packages{};  // of the lock file
    std::optional<NameChanges> environment{};  // names of the project's variables; never values
    std::optional<std::vector<VersionChange>> toolchain{};

    bool operator==(const ReleaseChanges&) const = default;
};

struct FailureReport {
    std::string
        phase{};  // `plan`, `tools`, `install`, `build`, `output`, `artifact`, or the step's name
    std::string summary{};  // what failed, in one sentence
    std::string command{};  // as the log shows it; empty where none was running
    std::optional<int> exit_code{};
    std::vector<std::string> first_errors{};    // clean UTF-8 without secrets, bounded
    std::vector<RecognizedError> recognized{};  // what the explanation goes by; shown to nobody
    std::string cause{};         // lower snake case and stable: `missing_dependency`, …; or empty
    std::string likely_cause{};  // sentences that name the thing; empty where nothing is known
    std::string fix{};
    std::optional<LimitHit> limit{};
    std::optional<ReleaseChanges> changes{};

    bool operator==(const FailureReport&) const = default;
};

}  // namespace libra
