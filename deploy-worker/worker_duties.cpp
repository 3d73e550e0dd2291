#include "deploy-worker/part_settings.hpp"
#include "deploy-worker/worker.hpp"
#include "shared/storage/migrations.hpp"

#include <filesystem>
#include <thread>
#include <utility>

namespace libra {

namespace {

constexpr int k_exit_failure = 1;
constexpr auto k_rescue_period = std::chrono::seconds{15};
constexpr auto k_sites_period = std::chrono::seconds{1};
constexpr auto k_disks_period = std::chrono::seconds{5};
constexpr auto k_static_host_period = std::chrono::seconds{10};
constexpr auto k_deliveries_kept = std::chrono::hours{30 * 24};

}  // namespace

int Worker::run(const TerminationSignals& signals)
{
    std::jthread exporter;  // ends last, with what the others' ends brought it
    if (config_.otlp.wanted()) {
        exporter = std::jthread{[&](const std::stop_token& quit) { spans_.run(quit); }};
    }
    std::stop_source stopping;
    const std::jthread watch{[&](const std::stop_token& quit) {
        if (!signals.wait(quit)) {
            return;
        }
        log_.info("stopping: no new deployment is taken");
        state_.draining = true;
        stopping.request_stop();
        if (clock_.wait_for(config_.shutdown_grace, quit)) {
            log_.warning("the deployment under way takes too long and is handed back");
            pipeline_.interrupt();
        }
    }};
    const std::jthread monitor{[&](const std::stop_token& quit) { monitor_.run(quit); }};
    if (!listen()) {
        return k_exit_failure;
    }
    if (!become_worker(stopping.get_token()) || !prepare_database(stopping.get_token())) {
        return stopping.stop_requested() ? 0 : k_exit_failure;
    }
    state_.prepared = true;
    const std::jthread relay{[&](const std::stop_token& quit) { relay_.run(quit); }};
    const std::jthread rescuer{[&](const std::stop_token& quit) {
        // First the letters: what the broker gave up on is not to be announced again.
        const auto duty = [&] {
            mirror_.pass(quit);
            rescuer_.pass();
        };
        repeat(k_rescue_period, duty, quit);
    }};
    const std::jthread follower{[&](const std::stop_token& quit) {
        repeat(
            k_sites_period, [this] { rescuer_.settle_sites(); }, quit
        );
    }};
    const std::jthread disks{[&](const std::stop_token& quit) {
        do {
            report_disks();
        } while (clock_.wait_for(k_disks_period, quit));
    }};
    const std::jthread static_host{[&](const std::stop_token& quit) {
        do {
            static_host_.look(quit);
        } while (clock_.wait_for(k_static_host_period, quit));
    }};
    const std::jthread sweeper{[&](const std::stop_token& quit) {
        repeat(
            config_.sweep_interval,
            [&] {
                remove_orphans();
                prune_deliveries();
                keeper_.pass(quit);
            },
            quit
        );
    }};
    std::vector<std::jthread> senders;
    for (int i = 0; webhooks_ && i < k_webhook_senders; ++i) {
        const Lanes lanes = i % 2 == 0 ? Lanes::all : Lanes::quick;
        senders.emplace_back([&, lanes](const std::stop_token& quit) {
            webhooks_->run(quit, lanes);
        });
    }
    const std::jthread intake{[&] { intake_.run(stopping.get_token()); }};
    log_.info("worker ready");
    consumer_.run(
        [&](Delivery delivery) { intake_.accept(std::move(delivery)); }, stopping.get_token()
    );
    log_.info("worker stopped");
    return 0;
}

bool Worker::listen()
{
    if (const Result<void> started = server_.start(); started.has_error()) {
        log_.error(
            "cannot listen; WORKER_HTTP_HOST and WORKER_HTTP_PORT say where",
            {{"reason", started.error().detail}}
        );
        return false;
    }
    log_.info(
        "listening", {{"address", config_.http.address}, {"port", std::to_string(server_.port())}}
    );
    return true;
}

bool Worker::become_worker(const std::stop_token& stop)
{
    constexpr std::chrono::seconds k_patience{20};
    Result<WorkerIdentity> identity = WorkerIdentity::take(
        config_.work_root / "workers", config_.worker_id, clock_, k_patience, stop
    );
    if (identity.has_error()) {
        log_.error("worker cannot start", {{"reason", identity.error().detail}});
        return false;
    }
    identity_ = *std::move(identity);
    static_cast<void>(cache_.remove_unfinished(config_.worker_id));
    cache_.shrink();
    remove_orphans();
    if (const Result<void> works = sandboxes_.self_test(); works.has_error()) {
        log_.warning("this host cannot run builds yet", {{"reason", works.error().detail}});
    }
    return true;
}

void Worker::remove_orphans()
{
    const auto note = [this](const Result<void>& removed) {
        if (removed.has_error()) {
            log_.warning("orphans left behind", {{"reason", removed.error().detail}});
        }
    };
    note(sandboxes_.remove_orphans(config_.worker_id));
    cache_.settle();
    note(pipeline_.remove_stale_trees());
    note(identity_->clear_dead([this, &note](const std::string& id) -> Result<void> {
        std::error_code failed;
        std::filesystem::remove_all(jobs_of(config_.work_root, id), failed);
        Result<void> removed = sandboxes_.remove_orphans(id);
        note(cache_.remove_unfinished(id));
        if (failed) {
            return Error{Errc::unavailable, "work trees of " + id + ": " + failed.message()};
        }
        return removed;
    }));
}

void Worker::report_disks()
{
    disks_.look();
    if (const auto told = disk_reports_.report(config_.worker_id, disks_.reason()); !told) {
        log_.warning("the disks are not reported", {{"reason", told.error().detail}});
    }
}

void Worker::prune_deliveries()
{
    if (const Result<int> pruned = deliveries_.prune(k_deliveries_kept); !pruned) {
        log_.warning("old webhook messages stay", {{"reason", pruned.error().detail}});
    }
}

bool Worker::prepare(const std::function<Result<void>()>& write, const std::stop_token& stop)
{
    Backoff pauses{{.cap = std::chrono::seconds{5}}, random_};
    while (!stop.stop_requested()) {
        const Result<void> written = write();
        if (written.has_value()) {
            return true;
        }
        log_.warning("database not ready", {{"reason", written.error().detail}});
        if (written.error().code != Errc::unavailable) {
            return false;
        }
        clock_.wait_for(pauses.next(), stop);
    }
    return false;
}

bool Worker::prepare_database(const std::stop_token& stop)
{
    const auto migrate = [this]() -> Result<void> {
        const Result<int> applied = apply_migrations(
            database_settings_of(config_, k_database_connections), embedded_migrations()
        );
        return applied.has_value() ? Result<void>{} : Result<void>{applied.error()};
    };
    const auto set_slots = [this] { return rescue_.set_slots(config_.fleet.deployments); };
    return prepare(migrate, stop) && prepare(set_slots, stop);
}

}  // namespace libra
