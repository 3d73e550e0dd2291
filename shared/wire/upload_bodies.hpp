#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/wire/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// @file The JSON bodies about uploaded files. Pure functions.
///
/// Source of the rules: proto-schemas/missing-files-request.json.

namespace libra {

struct MissingFilesRequest {
    std::string org_id{};
    std::vector<Digest> digests{};
};

std::variant<MissingFilesRequest, Problems, Unreadable>
parse_missing_files_request(std::string_view body, std::size_t most_files);

std::string encode_missing_files(const std::vector<Digest>& missing, UtcTime timestamp);

std::string encode_uploaded_file(const Digest& digest, std::uint64_t size, UtcTime timestamp);

/// `[{"pointer": …, "reason": …, "sha256": …}, …]`, for `encode_error` of missing_files: every
/// place of the request that names one of `missing`.
std::string
encode_missing_uploads(const std::vector<SourceFile>& files, const std::set<Digest>& missing);

}  // namespace libra
