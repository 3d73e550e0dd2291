#pragma once

#include "shared/base/random.hpp"

#include <algorithm>

namespace libra::testing {

/// Fills with one repeated byte; 0x80 makes `unit_interval` exactly 0.5 plus a hair (no jitter).
class FakeRandom final : public Random {
public:
    explicit FakeRandom(std::uint8_t byte = 0x80) : byte_{byte} {}

    void fill(std::span<std::uint8_t> bytes) override
    {
        std::fill(bytes.begin(), bytes.end(), byte_);
    }

private:
    std::uint8_t byte_;
};

}  // namespace libra::testing
