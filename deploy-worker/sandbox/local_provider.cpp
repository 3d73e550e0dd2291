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

/// What a command said, as far as somebody will read it.
class FirstLines final : public LineSink {
public:
    void line(OutputStream /*stream*/, std::string_view text) override
    {
        constexpr std::size_t k_enough = 1000;
        if (text_.size() < k_enough) {
            text_ += (text_.empty() ? "" : " / ") + std::string{text.substr(0, k_enough)};
        }
    }

    const std::string& text() const { return text_; }

private:
    std::string text_;
};

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
    if (unfit_) {
        if (const Result<void> works = self_test(); !works) {
            return works.error();
        }
    }
    return make(spec);
}

Result<void> LocalSandboxProvider::self_test()
{
    Result<void> works = try_one();
    unfit_ = works.has_error();
    if (works) {
        return works;
    }
    return Error{
        Errc::unavailable,
        "the sandbox runtime " + host_->runtime->name() +
            " does not work on this host: " + works.error().detail};
}

Result<void> LocalSandboxProvider::try_one()
{
    using namespace std::chrono_literals;
    constexpr std::string_view k_proof{"1000 0000000000000000"};
    const auto sandbox = make(
        {.id = "self-test",
         .limits = {.memory_bytes = 512U << 20U, .disk_bytes = 64U << 20U, .processes = 128}}
    );
    if (!sandbox) {
        return sandbox.error();
    }
    FirstLines said;
    const auto exit = (*sandbox)->run(
        {.argv = {"node", "-e", R"(
            const fs = require('node:fs');
            const rights = /CapEff:\s*(\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
            fs.writeFileSync('proof', process.getuid() + ' ' + rights[1]);)"}},
        said,
        host_->clock.now() + 30s,
        {}
    );
    if (!exit) {
        return exit.error();
    }
    const auto proof = (*sandbox)->read_file("proof", 100);
    if (exit->exit_code != 0 || !proof || !*proof) {
        return Error{
            Errc::unavailable,
            "node ended with code " + std::to_string(exit->exit_code) + ": " + said.text()};
    }
    if (**proof != k_proof) {
        return Error{Errc::unavailable, "a command had the user and rights " + **proof};
    }
    return (*sandbox)->destroy();
}

Result<std::unique_ptr<Sandbox>> LocalSandboxProvider::make(const SandboxSpec& spec)
{
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
    if (const Result<void> started = sandbox->start(spec); !started) {
        const bool damaged = started.error().code == Errc::rejected;
        // The sandbox's destructor rolls back.
        return Error{damaged ? Errc::rejected : Errc::unavailable, started.error().detail};
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
