#include "shared/base/disk_mark.hpp"

namespace libra {

DiskMark read_disk_mark(Environment& environment)
{
    constexpr std::int64_t k_most_mebibytes = 1LL << 30U;
    constexpr unsigned k_mebibyte_bits = 20;
    return {
        .percent = static_cast<int>(environment.integer("DISK_WATERMARK_PERCENT", 90, 10, 100)),
        .free_bytes = static_cast<std::uint64_t>(
                          environment.integer("DISK_MIN_FREE_MB", 0, 0, k_most_mebibytes)
                      )
                      << k_mebibyte_bits};
}

}  // namespace libra
