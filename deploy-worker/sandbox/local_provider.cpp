#include "deploy-worker/sandbox/local_provider.hpp"

#include "deploy-worker/sandbox/local_host.hpp"
#include "deploy-worker/sandbox/local_sandbox.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>

namespace libra {
namespace {

std::string joined(const std::vector<std::string>& texts)
{
    std::string all;
    for (const std::string& text : texts) {
        all += (all.empty() ? "" : "; ") + text;
    }
    return all;
}

Result<UniqueFd> lock_identity(const LocalHost& host)
{
    std::error_code failed;
    std::filesystem::create_directories(host.config.state_directory, failed);
    const auto path = host.config.state_directory / (host.prefix + "lock");
    UniqueFd lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!lock) {
        return Error{Errc::unavailable, errno_text("cannot open " + path.string(), errno)};
    }
    if (::flock(lock.native(), LOCK_EX | LOCK_NB) != 0) {
        return Error{
            Errc::conflict,
            "another worker runs with the id `" + host.config.worker_id +
                "` and the same state directory; give each worker its own id"};
    }
    return lock;
}

}  // namespace

LocalSandboxProvider::LocalSandboxProvider(LocalSandboxConfig config, Clock& clock, const Log& log)
    : host_{std::make_unique<const LocalHost>(std::move(config), clock, log)}
{
}

LocalSandboxProvider::~LocalSandboxProvider() = default;

std::vector<std::string> LocalSandboxProvider::host_problems() const
{
    return libra::host_problems(*host_);
}

Result<std::unique_ptr<Sandbox>> LocalSandboxProvider::create(const SandboxSpec& spec)
{
    if (!valid_sandbox_id(spec.id)) {
        return Error{Errc::invalid_input, "`" + spec.id + "` cannot be a sandbox's id"};
    }
    if (const auto problems = host_problems(); !problems.empty()) {
        return Error{Errc::unavailable, "sandboxes do not work here: " + joined(problems)};
    }
    const SandboxPlace place = sandbox_place(host_->config, host_->prefix + spec.id);
    if (const Result<void> freed = tear_down(*host_, place); !freed) {
        return Error{
            Errc::unavailable, "an earlier sandbox is in the way: " + freed.error().detail};
    }
    auto sandbox = std::make_unique<LocalSandbox>(*host_, place);
    if (const Result<void> started = sandbox->start(spec.limits); !started) {
        return Error{Errc::unavailable, started.error().detail};  // its destructor rolls back
    }
    return std::unique_ptr<Sandbox>{std::move(sandbox)};
}

Result<void> LocalSandboxProvider::destroy_leftovers()
{
    if (!identity_lock_) {
        Result<UniqueFd> lock = lock_identity(*host_);
        if (!lock) {
            return lock.error();
        }
        identity_lock_ = std::move(*lock);
    }
    std::vector<std::string> failures;
    for (const std::string& name : sandbox_names(*host_)) {
        const Result<void> freed = tear_down(*host_, sandbox_place(host_->config, name));
        if (!freed) {
            failures.push_back(freed.error().detail);
        }
        host_->log.info("removed what an earlier life of this worker left", {{"sandbox", name}});
    }
    return failures.empty() ? Result<void>{} : Error{Errc::unavailable, joined(failures)};
}

}  // namespace libra
