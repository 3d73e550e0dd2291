#include "deploy-worker/sandbox/runsc.hpp"

#include "deploy-worker/process/run_process.hpp"
#include "deploy-worker/sandbox/host_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace libra {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds k_patience = 30s;
constexpr int k_own_threads = 128;  // of gVisor's kernel and its file server

/// Joins the control groups named before `--`, each by its cgroup.procs, and becomes the rest.
constexpr const char* k_in_groups =
    R"(while [ "$1" != -- ]; do echo $$ >"$1" || exit 1; shift; done; shift; exec "$@")";

Result<void> give_away(const fs::path& path, uid_t owner)
{
    if (::chown(path.c_str(), owner, owner) != 0) {
        return Error{Errc::unavailable, errno_text("cannot give away " + path.string(), errno)};
    }
    return {};
}

/// A process that does nothing but keep a new user namespace, in which ids from 0 up stand for the
/// host's from `first_uid` up.
Result<ChildProcess> start_holder(uid_t first_uid, const Pipe& life)
{
    Result<Pipe> ready = open_pipe();
    if (!ready) {
        return ready.error();
    }
    Result<ChildProcess> holder = ChildProcess::start(
        {.argv = {"unshare", "--user", "/bin/sh", "-c", "echo; exec cat >/dev/null"},
         .environment = tool_environment()},
        {.input = life.read_end.native(), .output = ready->write_end.native()}
    );
    if (!holder) {
        return Error{Errc::unavailable, holder.error().detail};
    }
    ready->write_end.reset();
    char byte{};
    if (::read(ready->read_end.native(), &byte, 1) != 1) {
        return Error{Errc::unavailable, "no user namespace can be made here"};
    }
    const fs::path process = "/proc/" + std::to_string(holder->pid());
    const std::string map =
        "0 " + std::to_string(first_uid) + ' ' + std::to_string(k_uids_per_sandbox) + '\n';
    for (const char* file : {"uid_map", "gid_map"}) {
        if (Result<void> mapped = write_host_file(process / file, map, 0); !mapped) {
            return mapped.error();
        }
    }
    return holder;
}

}  // namespace

Runsc::Runsc(fs::path root, const Cgroups& cgroups, Clock& clock)
    : root_{std::move(root)}, cgroups_{cgroups}, clock_{clock}
{
}

BundleDialect Runsc::dialect() const
{
    return {.namespaces_entered = true, .recursive_options = false};
}

std::vector<std::string> Runsc::command(
    const SandboxPlace& place,
    const std::string& user_namespace,
    const fs::path& log_file,
    const std::vector<std::string>& arguments
) const
{
    std::vector<std::string> all{
        "nsenter",
        "--user=" + user_namespace,
        "--net=" + place.network_namespace().string(),
        "--setuid=0",
        "--setgid=0",
        "runsc",
        "--root=" + (root_ / place.name).string(),
        "--log=" + log_file.string(),
        "--network=host",
        "--oci-seccomp",
        "--ignore-cgroups"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

Result<void>
Runsc::start(const SandboxPlace& place, const ContainerValues& values, int lifeline) const
{
    constexpr mode_t k_passage = 0711;
    constexpr mode_t k_private = 0700;
    const fs::path record = root_ / place.name;
    if (Result<void> made = make_host_directory(root_, k_passage); !made) {
        return made;
    }
    if (Result<void> made = make_host_directory(record, k_private); !made) {
        return made;
    }
    if (Result<void> given = give_away(record, values.first_uid); !given) {
        return given;
    }
    SandboxLimits limits = values.limits;
    limits.processes += k_own_threads;
    if (Result<void> made = cgroups_.create(place.name, limits); !made) {
        return made;
    }
    Result<Pipe> life = open_pipe();
    if (!life) {
        return life.error();
    }
    // Until runsc's own processes are there to keep the user namespace.
    const Result<ChildProcess> holder = start_holder(values.first_uid, *life);
    if (!holder) {
        return holder.error();
    }
    const std::string user_namespace = "/proc/" + std::to_string(holder->pid()) + "/ns/user";
    std::vector<std::string> create{"/bin/sh", "-c", k_in_groups, "sh"};
    for (const std::string& file : cgroups_.member_files(place.name)) {
        create.push_back(file);
    }
    create.emplace_back("--");
    for (std::string& part : command(
             place,
             user_namespace,
             record / "runsc.log",
             {"create",
              "--bundle=" + place.directory.string(),
              "--pid-file=" + (record / "pid").string(),
              place.name}
         )) {
        create.push_back(std::move(part));
    }
    // The first process keeps these streams for life, so they are a file: a pipe would never end.
    const fs::path log_path = place.directory / "runtime.log";
    const UniqueFd log{
        ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600)};
    if (!log) {
        return Error{Errc::unavailable, errno_text("cannot create " + log_path.string(), errno)};
    }
    Result<ChildProcess> creating = ChildProcess::start(
        {.argv = create, .environment = tool_environment()},
        {.input = lifeline, .output = log.native(), .error = log.native()}
    );
    if (!creating) {
        return Error{Errc::unavailable, creating.error().detail};
    }
    if (!creating->ends_within(k_patience) || creating->wait() != 0) {
        return Error{Errc::unavailable, "runsc create failed: " + read_host_file(log_path)};
    }
    const auto started = require_tool(
        command(place, user_namespace, record / "runsc.log", {"start", place.name}),
        clock_,
        k_patience
    );
    return started ? Result<void>{} : started.error();
}

std::vector<std::string> Runsc::exec_command(
    const SandboxPlace& place,
    const fs::path& process_file,
    const fs::path& log_file
) const
{
    // In the group, too, so that it goes when the group does: when nsenter becomes another user the
    // kernel forgets that the program was to end with us.
    std::vector<std::string> exec{
        "/bin/sh", "-c", k_in_groups, "sh", cgroups_.counted_member_file(place.name), "--"};
    const std::string pid = read_host_file(root_ / place.name / "pid");
    for (std::string& part : command(
             place,
             "/proc/" + pid + "/ns/user",
             log_file,
             {"exec", "--process=" + process_file.string(), place.name}
         )) {
        exec.push_back(std::move(part));
    }
    return exec;
}

std::string Runsc::exec_problem(const fs::path& log_file) const
{
    std::string errors;
    std::istringstream lines{read_host_file(log_file)};
    for (std::string line; std::getline(lines, line);) {
        if (line.find(R"("level":"error")") != std::string::npos) {
            errors += line;
        }
    }
    return errors;
}

Result<void> Runsc::remove(const SandboxPlace& place) const
{
    const fs::path record = root_ / place.name;
    std::error_code failed;
    if (!fs::exists(record, failed)) {
        return {};
    }
    if (Result<void> killed = cgroups_.remove(place.name, clock_); !killed) {
        return killed;
    }
    fs::remove_all(record, failed);
    if (failed) {
        return Error{
            Errc::unavailable, "cannot remove " + record.string() + ": " + failed.message()};
    }
    return {};
}

std::vector<std::string> Runsc::names(std::string_view prefix) const
{
    return names_in(root_, prefix);
}

}  // namespace libra
