#pragma once

#include "shared/http/message.hpp"
#include "shared/wire/problem.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

/// @file The query of a request, parameter by parameter.

namespace libra {

/// @return nothing unless `text` is a positive whole number of at most 63 bits.
std::optional<std::int64_t> parse_positive(std::string_view text);

/// Keeps everything that is wrong, each problem as `/query/limit` and so on.
class QueryReader {
public:
    static constexpr int k_highest_limit = 200;

    /// `request` must outlive it.
    explicit QueryReader(const HttpRequest& request) : request_{request} {}

    /// @return what `parse` makes of the parameter; nothing if it is absent or bad. `wanted` says
    /// what it must be.
    template <class Value>
    std::optional<Value> read(
        std::string_view name,
        std::optional<Value> (*parse)(std::string_view),
        std::string_view wanted
    )
    {
        known_.insert(name);
        const std::optional<std::string_view> text = request_.parameter(name);
        if (!text) {
            return std::nullopt;
        }
        std::optional<Value> value = parse(*text);
        if (!value) {
            complain(name, wanted);
        }
        return value;
    }

    /// An id (1 to 128 characters of A-Z a-z 0-9 . _ -).
    std::optional<std::string> id(std::string_view name);

    /// The same, and it must be there. @return an empty one if it is absent or bad.
    std::string required_id(std::string_view name);

    /// `limit`, from 1 to k_highest_limit.
    int limit(int usual);

    /// To be called last: parameters that nobody has read, or that came twice, are problems too.
    Problems finish() &&;

private:
    void complain(std::string_view name, std::string_view reason);

    const HttpRequest& request_;
    std::set<std::string_view> known_;
    Problems problems_;
};

}  // namespace libra
