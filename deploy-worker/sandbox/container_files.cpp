#include "deploy-worker/sandbox/container_files.hpp"

#include "deploy-worker/sandbox/host_file.hpp"
#include "deploy-worker/sandbox/template_text.hpp"

#include <algorithm>
#include <array>
#include <sys/resource.h>

namespace libra::embedded {

std::string_view sandbox_config();
std::string_view sandbox_process();
std::string_view sandbox_seccomp();

}  // namespace libra::embedded

namespace libra {
namespace {

namespace fs = std::filesystem;

// libseccomp's name of the one architecture that system calls may be made for: a second one would
// have calls, such as socketcall, that get round the rules.
#if defined(__x86_64__)
constexpr std::string_view k_architecture = "\"SCMP_ARCH_X86_64\"";
#elif defined(__aarch64__)
constexpr std::string_view k_architecture = "\"SCMP_ARCH_AARCH64\"";
#else
#error "name this architecture for the seccomp profile"
#endif

struct RootFile {
    const char* path;
    std::string_view text;
};

constexpr std::array k_root_files{
    RootFile{
        "etc/passwd",
        "root:x:0:0:root:/:/usr/sbin/nologin\nbuild:x:1000:1000:build:/home/build:/bin/sh\n"},
    RootFile{"etc/group", "root:x:0:\nbuild:x:1000:\n"},
    RootFile{"etc/hosts", "127.0.0.1 localhost sandbox\n"},
    RootFile{"etc/nsswitch.conf", "hosts: files dns\n"},
    RootFile{"etc/resolv.conf", "nameserver 10.0.2.3\noptions timeout:3 attempts:3\n"},
};

constexpr std::array k_root_directories{
    "",
    "etc",
    "etc/ssl",
    "etc/ssl/certs",
    "etc/alternatives",
    "usr",
    "proc",
    "dev",
    "sys",
    "tmp",
    "work",
    "home",
    "home/build"};

constexpr std::array k_root_links{"bin", "sbin", "lib", "lib64"};

std::string other_namespaces(const SandboxPlace& place)
{
    return R"(, { "type": "user" }, { "type": "network", "path": )" +
           json_string(place.network_namespace().string()) + " }";
}

std::string id_mappings(uid_t first_uid)
{
    const std::string mapping = R"([{ "containerID": 0, "hostID": )" + std::to_string(first_uid) +
                                R"(, "size": )" + std::to_string(k_uids_per_sandbox) + " }]";
    return "\n    \"uidMappings\": " + mapping + ",\n    \"gidMappings\": " + mapping + ',';
}

std::string name_of(std::string_view variable)
{
    return std::string{variable.substr(0, variable.find('='))};
}

}  // namespace

Result<void> make_container_root(const fs::path& root)
{
    constexpr mode_t k_directory = 0755;
    constexpr mode_t k_file = 0644;
    for (const char* directory : k_root_directories) {
        if (Result<void> made = make_host_directory(root / directory, k_directory); !made) {
            return made;
        }
    }
    for (const char* link : k_root_links) {
        std::error_code failed;
        const std::string target = std::string{"usr/"} + link;
        if (fs::read_symlink(root / link, failed) != target) {
            fs::create_symlink(target, root / link, failed);
        }
        if (failed) {
            return Error{
                Errc::unavailable,
                "cannot link " + (root / link).string() + ": " + failed.message()};
        }
    }
    for (const RootFile& file : k_root_files) {
        if (read_host_file(root / file.path) == file.text) {
            continue;
        }
        if (Result<void> made = write_host_file(root / file.path, file.text, k_file); !made) {
            return made;
        }
    }
    return {};
}

std::uint64_t open_files_limit()
{
    constexpr rlim_t k_wanted = 16'384;
    rlimit ours{};
    return ::getrlimit(RLIMIT_NOFILE, &ours) == 0 ? std::min(ours.rlim_max, k_wanted) : k_wanted;
}

std::string container_config(
    const SandboxPlace& place,
    const ContainerValues& values,
    const BundleDialect& dialect
)
{
    constexpr std::uint64_t k_microseconds_per_percent = 1000;
    const std::string seccomp =
        fill_template(embedded::sandbox_seccomp(), {{"ARCHITECTURE", std::string{k_architecture}}});
    const auto quota = static_cast<std::uint64_t>(values.limits.cpu_percent);
    return fill_template(
        embedded::sandbox_config(),
        {{"ROOTFS", json_string(values.root.string())},
         {"OPEN_FILES", std::to_string(open_files_limit())},
         {"HOSTS", json_string(place.hosts().string())},
         {"TMP", json_string(place.tmp().string())},
         {"HOME", json_string(place.home().string())},
         {"WORK", json_string(place.work().string())},
         {"READ_ONLY_TREE",
          dialect.recursive_options ? R"("rro", "rnosuid", "rnodev")"
                                    : R"("ro", "nosuid", "nodev")"},
         {"OTHER_NAMESPACES", dialect.namespaces_entered ? "" : other_namespaces(place)},
         {"ID_MAPPINGS", dialect.namespaces_entered ? "" : id_mappings(values.first_uid)},
         {"CGROUP", json_string("/" + place.name)},
         {"MEMORY_BYTES", std::to_string(values.limits.memory_bytes)},
         {"PROCESSES", std::to_string(values.limits.processes)},
         {"CPU_QUOTA", std::to_string(quota * k_microseconds_per_percent)},
         {"NAME", json_string(place.name)},
         {"SECCOMP", seccomp}}
    );
}

std::vector<std::string> command_environment(const std::vector<std::string>& added)
{
    std::vector<std::string> all{
        "PATH=/home/build/.local/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME=/home/build",
        "USER=build",
        "LANG=C.UTF-8",
        "CI=1",
        "NO_COLOR=1",
        "npm_config_cache=/home/build/.npm",
        "npm_config_prefix=/home/build/.local",
        "npm_config_audit=false",
        "npm_config_fund=false",
        "npm_config_update_notifier=false",
        "ASTRO_TELEMETRY_DISABLED=1",
        "GATSBY_TELEMETRY_DISABLED=1",
        "NEXT_TELEMETRY_DISABLED=1",
        "NG_CLI_ANALYTICS=false",
        "NUXT_TELEMETRY_DISABLED=1",
        "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt",
        "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"};
    for (const std::string& variable : added) {
        std::erase_if(all, [name = name_of(variable)](const std::string& earlier) {
            return name_of(earlier) == name;
        });
        all.push_back(variable);
    }
    return all;
}

std::vector<std::string> environment_of(const SandboxCommand& command)
{
    std::vector<std::string> environment = command_environment(command.environment);
    std::string before{"PATH="};
    for (const std::string& directory : command.path) {
        before += directory + ':';
    }
    for (std::string& variable : environment) {
        if (variable.starts_with("PATH=")) {
            variable.replace(0, std::string_view{"PATH="}.size(), before);
        }
    }
    return environment;
}

std::string process_config(const SandboxCommand& command)
{
    // env finds the program and enters the directory, and says what is wrong as a program would
    // (codes 125 to 127); so an error of crun's own is never one of the command.
    std::vector<std::string> argv{"/usr/bin/env", "--chdir=" + command.directory, "--"};
    argv.insert(argv.end(), command.argv.begin(), command.argv.end());
    return fill_template(
        embedded::sandbox_process(),
        {{"ARGUMENTS", json_strings(argv)},
         {"ENVIRONMENT", json_strings(environment_of(command))},
         {"OPEN_FILES", std::to_string(open_files_limit())}}
    );
}

}  // namespace libra
