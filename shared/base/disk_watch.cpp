#include "shared/base/disk_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <sys/statvfs.h>
#include <system_error>
#include <utility>

namespace libra {

namespace fs = std::filesystem;

namespace {

constexpr int k_whole = 100;

/// 0 to 100, rounded down.
int percent_used(std::uint64_t all, std::uint64_t free)
{
    const auto used = static_cast<long double>(all - std::min(all, free));
    return all == 0 ? 0 : static_cast<int>(used * k_whole / static_cast<long double>(all));
}

int percent_used(const DiskSpace& space)
{
    return std::max(
        percent_used(space.bytes, space.free_bytes), percent_used(space.files, space.free_files)
    );
}

double part_used(std::uint64_t all, std::uint64_t free)
{
    return all == 0 ? 0 : static_cast<double>(all - std::min(all, free)) / static_cast<double>(all);
}

}  // namespace

Result<DiskSpace> disk_space(const fs::path& path)
{
    fs::path there = path;

    struct statvfs status {};

    while (::statvfs(there.c_str(), &status) != 0) {
        const bool missing = errno == ENOENT && there.has_parent_path() && there != "/";
        if (!missing) {
            const std::error_code code{errno, std::generic_category()};
            return Error{Errc::unavailable, fmt::format("{}: {}", path.string(), code.message())};
        }
        there = there.parent_path();
    }
    // What is kept back for root is neither free nor in use.
    const std::uint64_t kept_back = status.f_bfree - status.f_bavail;
    return DiskSpace{
        .bytes = (status.f_blocks - kept_back) * status.f_frsize,
        .free_bytes = status.f_bavail * status.f_frsize,
        .files = status.f_files,
        .free_files = status.f_ffree};
}

DiskWatch::DiskWatch(std::vector<WatchedDisk> disks, DiskMark mark, Measure measure)
    : disks_{std::move(disks)},
      mark_{mark},
      measure_{std::move(measure)},
      full_disks_(disks_.size(), false)
{
}

bool DiskWatch::counts_as_full(const DiskSpace& space, bool was_full) const
{
    constexpr int k_percent_back = 3;
    constexpr std::uint64_t k_part_back = 10;
    const int percent = mark_.percent - (was_full ? k_percent_back : 0);
    const std::uint64_t least = mark_.free_bytes + (was_full ? mark_.free_bytes / k_part_back : 0);
    const bool by_percent = mark_.percent < k_whole && percent_used(space) >= percent;
    return by_percent || space.free_bytes < least;
}

void DiskWatch::look()
{
    bool any = false;
    std::string reason;
    for (std::size_t i = 0; i < disks_.size(); ++i) {
        const Result<DiskSpace> space = measure_(disks_[i].path);
        if (space) {
            full_disks_[i] = counts_as_full(*space, full_disks_[i]);
            const std::scoped_lock lock{mutex_};
            readings_[i] = {
                .label = disks_[i].label,
                .used = std::max(
                    part_used(space->bytes, space->free_bytes),
                    part_used(space->files, space->free_files)
                ),
                .full = full_disks_[i]};
        }
        if (full_disks_[i]) {
            any = true;
            reason += reason.empty() ? "" : "; ";
            reason += space ? fmt::format(
                                  "{} is {} % full, {} MiB are free",
                                  disks_[i].name,
                                  percent_used(*space),
                                  space->free_bytes >> 20U
                              )
                            : disks_[i].name + " was full and cannot be measured";
        }
    }
    reason_ = std::move(reason);
    full_ = any;
}

std::vector<DiskReading> DiskWatch::readings() const
{
    const std::scoped_lock lock{mutex_};
    std::vector<DiskReading> readings;
    for (const auto& [place, reading] : readings_) {
        readings.push_back(reading);
    }
    return readings;
}

}  // namespace libra
