#pragma once

#include "shared/base/result.hpp"

#include <string>
#include <string_view>
#include <utility>

/// @file Ownership of one file descriptor.

namespace libra {

/// Closes what it holds. Move-only; an empty one holds -1.
class UniqueFd {
public:
    UniqueFd() noexcept = default;

    explicit UniqueFd(int descriptor) noexcept : descriptor_{descriptor} {}

    UniqueFd(UniqueFd&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

    UniqueFd& operator=(UniqueFd&& other) noexcept
    {
        std::swap(descriptor_, other.descriptor_);
        other.reset();
        return *this;
    }

    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;

    ~UniqueFd() { reset(); }

    void reset() noexcept;

    int native() const noexcept { return descriptor_; }

    explicit operator bool() const noexcept { return descriptor_ >= 0; }

private:
    int descriptor_{-1};
};

struct Pipe {
    UniqueFd read_end{};
    UniqueFd write_end{};
};

/// Both ends close-on-exec. @return `unavailable` when the process is out of descriptors.
Result<Pipe> open_pipe();

/// `what: ` and the text of the error number `code`.
std::string errno_text(std::string_view what, int code);

}  // namespace libra
