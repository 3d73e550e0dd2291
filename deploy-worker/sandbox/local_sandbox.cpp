#include "deploy-worker/sandbox/local_sandbox.hpp"

#include "deploy-worker/process/run_process.hpp"
#include "deploy-worker/sandbox/beneath.hpp"
#include "deploy-worker/sandbox/container_files.hpp"
#include "deploy-worker/sandbox/disk.hpp"
#include "deploy-worker/sandbox/egress.hpp"
#include "deploy-worker/sandbox/host_file.hpp"
#include "deploy-worker/sandbox/tree_copy.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

UniqueFd open_host_directory(const fs::path& path)
{
    return UniqueFd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
}

Result<void> check_command(const SandboxCommand& command)
{
    const auto has_nul = [](const std::string& text) {
        return text.find('\0') != std::string::npos;
    };
    const bool bad = std::any_of(command.argv.begin(), command.argv.end(), has_nul) ||
                     std::any_of(command.environment.begin(), command.environment.end(), has_nul) ||
                     has_nul(command.directory);
    if (command.argv.empty() || bad) {
        return Error{Errc::invalid_input, "a command needs a program, and no part may have a NUL"};
    }
    // `env` would take it for a variable.
    if (command.argv.front().find('=') != std::string::npos) {
        return Error{Errc::invalid_input, "a program's name may not have a `=`"};
    }
    return {};
}

/// Takes a file away when it goes out of scope: process.json holds the project's own secrets.
class TemporaryFile {
public:
    explicit TemporaryFile(fs::path path) : path_{std::move(path)} {}

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    ~TemporaryFile() { ::unlink(path_.c_str()); }

    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

LocalSandbox::LocalSandbox(
    const LocalHost& host,
    SandboxPlace place,
    std::unique_ptr<HeldNames::Hold> hold
)
    : host_{host}, place_{std::move(place)}, hold_{std::move(hold)}
{
}

LocalSandbox::~LocalSandbox()
{
    if (const Result<void> destroyed = destroy(); !destroyed) {
        host_.log.error("a sandbox was not freed in full", {{"reason", destroyed.error().detail}});
    }
}

Result<void> LocalSandbox::start(const SandboxSpec& spec)
{
    limits_ = spec.limits;
    if (Result<void> made = make_directory(); !made) {
        return made;
    }
    Result<UidRange> users = UidRange::take(host_.config);
    if (!users) {
        return users.error();
    }
    users_ = std::move(*users);
    if (Result<void> made = mount_disk(place_, limits_.disk_bytes, users_, host_.clock); !made) {
        return made;
    }
    if (Result<void> begun = begin_with(spec); !begun) {
        return begun;
    }
    if (Result<void> made = connect(); !made) {
        return made;
    }
    return start_container();
}

Result<void> LocalSandbox::begin_with(const SandboxSpec& spec)
{
    Result<Lowers> lowers = mount_images(place_, spec, users_);
    if (!lowers) {
        return lowers.error();
    }
    lowers_ = std::move(*lowers);
    Result<void> laid = lay_over(place_, lowers_, users_, host_.config.overlay, host_.clock);
    if (!laid || !spec.base || spec.base_keeps.empty()) {
        return laid;
    }
    return keep_only(place_.work(), spec.base_keeps);
}

Result<void> LocalSandbox::make_directory() const
{
    constexpr mode_t k_passage = 0711;  // the sandbox's users pass through, and see nothing
    for (const fs::path& path :
         {host_.config.state_directory, place_.directory.parent_path(), place_.directory}) {
        if (Result<void> made = make_host_directory(path, k_passage); !made) {
            return made;
        }
    }
    return make_container_root(host_.container_root());
}

Result<void> LocalSandbox::connect()
{
    const auto allowed = resolve_destinations(host_.config.allowed_destinations);
    if (!allowed) {
        return allowed.error();
    }
    const LocalSandboxConfig& config = host_.config;
    std::vector<std::string> names = config.registry_hosts;
    Result<std::vector<PinnedHost>> only = pin_hosts(names);
    const auto others = pin_hosts(names_among(config.allowed_destinations));
    if (!only || !others) {
        return only ? others.error() : only.error();
    }
    EgressPolicy policy{.rejected = host_addresses(), .allowed = *allowed};
    if (!config.registry_hosts.empty()) {
        policy.only = *only;
    }
    only->insert(only->end(), others->begin(), others->end());
    if (Result<void> made = write_host_file(place_.hosts(), hosts_file(*only), 0644); !made) {
        return made;
    }
    Result<SandboxNetwork> network =
        SandboxNetwork::start(place_, egress_rules(policy), host_.clock);
    if (!network) {
        return network.error();
    }
    network_ = std::move(*network);
    return {};
}

Result<void> LocalSandbox::start_container()
{
    const ContainerValues values{
        .root = host_.container_root(), .limits = limits_, .first_uid = users_.first()};
    const std::string config = container_config(place_, values, host_.runtime->dialect());
    if (Result<void> made = write_for_runtime(place_.directory / "config.json", config); !made) {
        return made;
    }
    Result<Pipe> lifeline = open_pipe();
    if (!lifeline) {
        return lifeline.error();
    }
    if (Result<void> made = host_.runtime->start(place_, values, lifeline->read_end.native());
        !made) {
        return made;
    }
    lifeline_ = std::move(lifeline->write_end);
    running_ = true;
    return {};
}

Result<CommandExit> LocalSandbox::run(
    const SandboxCommand& command,
    LineSink& sink,
    Instant deadline,
    std::stop_token stop
)
{
    if (Result<void> checked = check_command(command); !checked) {
        return checked.error();
    }
    if (!running_) {
        return Error{Errc::unavailable, "the sandbox " + place_.name + " does not run"};
    }
    const TemporaryFile process{place_.directory / "process.json"};
    const TemporaryFile log{place_.directory / "exec.log"};
    if (Result<void> made = write_for_runtime(process.path(), process_config(command)); !made) {
        return made.error();
    }
    if (Result<void> made = write_for_runtime(log.path(), ""); !made) {
        return made.error();
    }
    const GroupUse before = host_.cgroups.use(place_.name);
    const Instant started = host_.clock.now();
    const Result<ProcessExit> exit = run_process(
        {.argv = host_.runtime->exec_command(place_, process.path(), log.path()),
         .environment = tool_environment()},
        sink,
        {.total_bytes = host_.config.command_output_bytes, .owner = users_.build_user()},
        host_.clock,
        deadline,
        stop
    );
    if (!exit) {
        const Result<void> killed = kill_container();
        const std::string more = killed ? "" : "; then: " + killed.error().detail;
        return Error{exit.error().code, exit.error().detail + more};
    }
    const GroupUse after = host_.cgroups.use(place_.name);
    const std::string problem = host_.runtime->exec_problem(log.path());
    // Where an earlier command has used up memory or processes, the next cannot even start.
    const GroupUse since = problem.empty() ? before : GroupUse{};
    const DiskUse disk = disk_use(place_);
    const bool failed = exit->exit_code != 0;
    const CommandExit ended{
        .exit_code = exit->exit_code,
        .out_of_memory = after.oom_kills > since.oom_kills,
        .out_of_disk = failed && disk.full,
        .out_of_processes = after.refused_processes > since.refused_processes,
        .peak_memory_bytes = after.peak_bytes,
        .disk_bytes = disk.used_bytes,
        .disk_files = disk.full_of_files ? disk.files : 0,
        .most_disk_files = disk.full_of_files ? disk.most_files : 0,
        .duration = duration_cast<milliseconds>(host_.clock.now() - started)};
    if (failed && !problem.empty() && !ended.out_of_memory && !ended.out_of_processes) {
        return Error{Errc::unavailable, host_.runtime->name() + " exec failed: " + problem};
    }
    return ended;
}

/// The runtime may be at work as the container's root.
Result<void> LocalSandbox::write_for_runtime(const fs::path& path, const std::string& text) const
{
    if (Result<void> written = write_host_file(path, text, 0600); !written) {
        return written;
    }
    if (::chown(path.c_str(), users_.first(), users_.first()) != 0) {
        return Error{Errc::unavailable, errno_text("cannot give away " + path.string(), errno)};
    }
    return {};
}

Result<void> LocalSandbox::kill_container()
{
    running_ = false;
    lifeline_.reset();
    if (Result<void> removed = host_.runtime->remove(place_); !removed) {
        return removed;
    }
    return host_.cgroups.remove(place_.name, host_.clock);
}

Result<UniqueFd> LocalSandbox::open_work() const
{
    UniqueFd work = open_host_directory(place_.work());
    if (destroyed_ || !work) {
        return Error{Errc::unavailable, "the sandbox " + place_.name + " has no disk"};
    }
    return work;
}

Result<void> LocalSandbox::upload(const fs::path& source)
{
    const Result<UniqueFd> work = open_work();
    if (!work) {
        return work.error();
    }
    const UniqueFd from = open_host_directory(source);
    if (!from) {
        return Error{Errc::not_found, "no directory " + source.string() + " to upload"};
    }
    return copy_tree(
        from.native(), work->native(), {.publish = false, .owner = users_.build_user()}
    );
}

Result<void> LocalSandbox::destroy()
{
    if (destroyed_) {
        return {};
    }
    running_ = false;
    lifeline_.reset();
    network_.reset();
    keep_image();
    Result<void> freed = tear_down(host_, place_);
    destroyed_ = freed.has_value();
    if (destroyed_) {
        users_ = {};
        hold_.reset();
    }
    return freed;
}

}  // namespace libra
