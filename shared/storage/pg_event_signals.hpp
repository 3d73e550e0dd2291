#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/storage/event_signals.hpp"
#include "shared/storage/pg_settings.hpp"

namespace libra {

/// LISTEN on a connection of its own. `listen` is called by one thread at a time.
class PgEventSignals final : public EventSignals {
public:
    /// The references must outlive it.
    PgEventSignals(PgSettings settings, Clock& clock, Random& random, Log log);

    void listen(const std::stop_token& stop, const Notice& notice) override;

private:
    PgSettings settings_;
    Clock& clock_;
    Random& random_;
    Log log_;
};

}  // namespace libra
