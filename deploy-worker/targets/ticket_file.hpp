#pragma once

#include "deploy-worker/process/unique_fd.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <utility>

/// @file Which switch a host has seen last, and the right to change what it serves.

namespace libra {

/// One host's file with the number, locked for as long as the object lives. The lock belongs to the
/// open file, so the kernel lets go of it when the process dies, but not when it is only stopped:
/// whoever is stopped between comparing and switching keeps everybody else out.
class TicketFile {
public:
    /// Makes the file and its directory where they are missing. Waits for another holder, for two
    /// seconds at most.
    /// @return `unavailable`.
    static Result<TicketFile> lock(const std::filesystem::path& path, Clock& clock);

    /// 0 for a host that nothing was switched for yet.
    std::int64_t value() const { return value_; }

    /// Writes `ticket` to the disk.
    Result<void> advance(std::int64_t ticket);

private:
    TicketFile(UniqueFd file, std::int64_t value) : file_{std::move(file)}, value_{value} {}

    UniqueFd file_;
    std::int64_t value_;
};

}  // namespace libra
