#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// @file SHA-256, the name of every stored byte string and of every credential.

namespace libra {

/// Lower case, two digits a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    bool operator==(const Digest&) const = default;
    // clang-tidy 14 takes the zero a comparison is made with for a null pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const Digest&) const = default;

    std::string hex() const { return to_hex(bytes); }

    /// @return nothing unless `text` is exactly 64 lower-case hex digits.
    static std::optional<Digest> parse(std::string_view text);
};

Digest sha256(std::string_view bytes);

/// Digests what does not fit in memory. One thread.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);

    /// Ends the computation; the object may only be destroyed afterwards.
    Digest finish();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace libra
