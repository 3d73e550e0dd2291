#pragma once

#include "shared/base/disk_watch.hpp"
#include "shared/base/env.hpp"

/// @file DISK_WATERMARK_PERCENT and DISK_MIN_FREE_MB, the same for every service.

namespace libra {

DiskMark read_disk_mark(Environment& environment);

}  // namespace libra
