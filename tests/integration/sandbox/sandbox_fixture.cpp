#include "tests/integration/sandbox/sandbox_fixture.hpp"

#include "deploy-worker/sandbox/cgroups.hpp"
#include "deploy-worker/sandbox/host_file.hpp"
#include "deploy-worker/sandbox/network.hpp"
#include "deploy-worker/sandbox/sandbox_place.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <unistd.h>

namespace libra::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

}  // namespace

SandboxRuntime runtime_under_test()
{
    const char* name = std::getenv("SANDBOX_RUNTIME");  // NOLINT(concurrency-mt-unsafe): as below
    return name != nullptr && std::string_view{name} == "runsc" ? SandboxRuntime::runsc
                                                                : SandboxRuntime::crun;
}

bool host_sees_processes()
{
    return runtime_under_test() == SandboxRuntime::crun;
}

TestWorker::TestWorker(std::vector<std::string> allowed_destinations, bool overlay)
    : config{make_config(std::move(allowed_destinations), overlay)},
      provider{config, clock, log.log()}
{
}

LocalSandboxConfig
TestWorker::make_config(std::vector<std::string> allowed_destinations, bool overlay) const
{
    fs::permissions(state.path(), fs::perms{0711});
    // The mark by which leftovers.sh finds what is left of a test run.
    const char* run = std::getenv("LIBRA_TEST_RUN");  // NOLINT(concurrency-mt-unsafe): one thread
    return {
        .runtime = runtime_under_test(),
        .state_directory = state.path(),
        .worker_id = std::string{"test-"} + (run == nullptr ? "alone" : run),
        .allowed_destinations = std::move(allowed_destinations),
        .overlay = overlay};
}

LocalSandboxConfig TestWorker::config_of(const std::string& name) const
{
    LocalSandboxConfig other = config;
    other.worker_id += '-' + name;
    return other;
}

SandboxLimits TestWorker::small()
{
    return {
        .memory_bytes = 512U << 20U,
        .disk_bytes = 512U << 20U,
        .processes = 128,
        .cpu_percent = 200};
}

std::unique_ptr<Sandbox> TestWorker::sandbox(const std::string& id, const SandboxLimits& limits)
{
    auto made = provider.create({.id = id, .limits = limits});
    if (!made) {
        FAIL(made.error().detail);
    }
    return std::move(*made);
}

Ran run_script(TestWorker& worker, Sandbox& sandbox, const std::string& script)
{
    RecordingLines lines;
    auto exit = sandbox.run({.argv = {"sh", "-c", script}}, lines, worker.clock.now() + 60s, {});
    return {std::move(exit), std::move(lines)};
}

std::string traces(const std::string& mark)
{
    std::string found;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{"/proc", gone}) {
        std::string command = read_host_file(entry.path() / "cmdline");
        std::replace(command.begin(), command.end(), '\0', ' ');
        if (command.find(mark) != std::string::npos) {
            found += "process " + command + '\n';
        }
    }
    if (read_host_file("/proc/self/mountinfo").find(mark) != std::string::npos) {
        found += "mount\n";
    }
    for (const auto& entry : fs::directory_iterator{"/sys/block", gone}) {
        if (read_host_file(entry.path() / "loop/backing_file").find(mark) != std::string::npos) {
            found += "loop device " + entry.path().filename().string() + '\n';
        }
    }
    for (const std::string& name : network_namespaces(mark)) {
        found += "network namespace " + name + '\n';
    }
    for (const std::string& name : Cgroups::of_host().names(mark)) {
        found += "cgroup " + name + '\n';
    }
    return found;
}

std::string unique_seconds()
{
    static int count = 0;
    return std::to_string(10'000LL * ::getpid() + count++);
}

bool becomes_true(Clock& clock, const std::function<bool()>& condition)
{
    const Instant deadline = clock.now() + 5s;
    while (!condition()) {
        if (clock.now() > deadline) {
            return false;
        }
        clock.wait_for(10ms, {});
    }
    return true;
}

std::vector<std::string> live_paths(const TestWorker& worker)
{
    std::vector<std::string> found;
    for (const char* part : {"live", "crun", "runsc"}) {
        std::error_code gone;
        for (const auto& entry : fs::directory_iterator{worker.state.path() / part, gone}) {
            found.push_back(entry.path().string());
        }
    }
    return found;
}

}  // namespace libra::testing
