#pragma once

#include "deploy-worker/process/child_process.hpp"
#include "deploy-worker/sandbox/sandbox_place.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <optional>
#include <string>

/// @file A sandbox's own network: a namespace, its firewall, and a user-mode way out.

namespace libra {

/// A network that is up. Destroying it stops its traffic; the namespace stays for
/// `remove_network_namespace`, because the container must be gone first.
class SandboxNetwork {
public:
    /// Makes the namespace, loads `rules` into it, and only then connects it, some 40 ms.
    ///
    /// slirp4netns watches a pipe of this process and ends when we do, however we end.
    static Result<SandboxNetwork>
    start(const SandboxPlace& place, const std::string& rules, Clock& clock);

private:
    SandboxNetwork(ChildProcess slirp, UniqueFd exit_pipe)
        : exit_pipe_{std::move(exit_pipe)}, slirp_{std::move(slirp)}
    {
    }

    UniqueFd exit_pipe_;
    ChildProcess slirp_;
};

/// Nothing happens if there is none. Also ends a slirp4netns that outlived its worker.
Result<void> remove_network_namespace(const SandboxPlace& place);

/// Names of network namespaces that begin with `prefix`.
std::vector<std::string> network_namespaces(std::string_view prefix);

}  // namespace libra
