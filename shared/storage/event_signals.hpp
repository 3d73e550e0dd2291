#pragma once

#include <functional>
#include <stop_token>
#include <string>

/// @file Word from the database that something has happened to a deployment.

namespace libra {

/// Only a hint: one may be lost, when the connection is, so who listens also looks by itself now
/// and then.
class EventSignals {
public:
    /// Called with a deployment's id; with an empty one when a connection has just been made, after
    /// a time in which hints were lost.
    using Notice = std::function<void(const std::string& deployment_id)>;

    virtual ~EventSignals() = default;

    /// Blocks until `stop`. While the database is away it tries again, with growing pauses.
    virtual void listen(const std::stop_token& stop, const Notice& notice) = 0;
};

}  // namespace libra
