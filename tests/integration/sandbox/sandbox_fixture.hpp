#pragma once

#include "deploy-worker/sandbox/local_provider.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/clock.hpp"
#include "tests/support/recording_lines.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scratch_tree.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// @file Real sandboxes for tests, in a state directory of each test's own. Needs root.

namespace libra::testing {

/// What SANDBOX_RUNTIME says, as for a worker; crun if it says nothing.
SandboxRuntime runtime_under_test();

/// Whether a sandbox's processes are the host's, too; those of gVisor are known to its kernel
/// alone.
bool host_sees_processes();

/// A worker with its own state directory, uid ranges shared with real workers of this host.
class TestWorker {
public:
    explicit TestWorker(std::vector<std::string> allowed_destinations = {}, bool overlay = true);

    /// Fails the test if there is no sandbox.
    std::unique_ptr<Sandbox> sandbox(const std::string& id, const SandboxLimits& limits = small());

    static SandboxLimits small();

    /// The settings of another worker, `test-RUN-NAME`, with the same state directory.
    LocalSandboxConfig config_of(const std::string& name) const;

    ScratchTree state;
    SystemClock clock;
    RecordingLog log;
    LocalSandboxConfig config;
    LocalSandboxProvider provider;

private:
    LocalSandboxConfig
    make_config(std::vector<std::string> allowed_destinations, bool overlay) const;
};

struct Ran {
    Result<CommandExit> exit;
    RecordingLines lines;
};

/// Runs a shell script, for a minute at most.
Ran run_script(TestWorker& worker, Sandbox& sandbox, const std::string& script);

/// Everything on the machine that has `mark`, such as a state directory, in its name: processes,
/// mounts, loop devices, network namespaces, cgroups. One line each.
std::string traces(const std::string& mark);

/// An argument for `sleep`, some hours and more, that no other process of the machine has.
std::string unique_seconds();

/// Whether `condition` holds now or within 5 s.
bool becomes_true(Clock& clock, const std::function<bool()>& condition);

/// The paths below the state directory's `live`, `crun` and `runsc`.
std::vector<std::string> live_paths(const TestWorker& worker);

}  // namespace libra::testing
