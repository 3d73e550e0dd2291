#include "deploy-worker/sandbox/local_provider.hpp"

#include "deploy-worker/sandbox/local_host.hpp"
#include "deploy-worker/sandbox/local_sandbox.hpp"

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
    std::unique_ptr<HeldNames::Hold> hold;
    {
        const std::scoped_lock lock{removing_};
        hold = held_.hold(place.name);
    }
    if (!hold) {
        return Error{Errc::unavailable, "this worker has a sandbox " + place.name + " already"};
    }
    if (const Result<void> freed = tear_down(*host_, place); !freed) {
        return Error{
            Errc::unavailable, "an earlier sandbox is in the way: " + freed.error().detail};
    }
    auto sandbox = std::make_unique<LocalSandbox>(*host_, place, std::move(hold));
    if (const Result<void> started = sandbox->start(spec.limits); !started) {
        return Error{Errc::unavailable, started.error().detail};  // its destructor rolls back
    }
    return std::unique_ptr<Sandbox>{std::move(sandbox)};
}

Result<void> LocalSandboxProvider::remove_unless_held(const std::string& name)
{
    const std::scoped_lock lock{removing_};
    if (held_.holds(name)) {
        return {};
    }
    Result<void> removed = tear_down(*host_, sandbox_place(host_->config, name));
    if (removed) {
        host_->log.info("removed a sandbox that was left behind", {{"sandbox", name}});
    }
    return removed;
}

Result<void> LocalSandboxProvider::remove_orphans(const std::string& worker_id)
{
    LocalSandboxConfig theirs = host_->config;
    theirs.worker_id = worker_id;
    std::vector<std::string> failures;
    for (const std::string& name : sandbox_names(*host_, sandbox_prefix(theirs))) {
        if (const Result<void> removed = remove_unless_held(name); !removed) {
            failures.push_back(removed.error().detail);
        }
    }
    return failures.empty() ? Result<void>{} : Error{Errc::unavailable, joined(failures)};
}

}  // namespace libra
