#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace libra {

/// Randomness as a dependency. Thread-safe.
class Random {
public:
    virtual ~Random() = default;

    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// The kernel's generator; fit for ids and secrets.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

/// 128 random bits as 32 lower-case hex digits: what a deployment id is made of, so that knowing
/// one is the permission to see its status.
std::string new_id(Random& random);

/// Uniform in [0, 1).
double unit_interval(Random& random);

}  // namespace libra
