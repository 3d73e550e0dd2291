#pragma once

#include <optional>
#include <string>
#include <vector>

/// @file How a site was made, as it is kept with its deployment and shown.
///
/// Source of the members: proto-schemas/build-record.json.

namespace libra {

struct BuildRecord {
    std::string framework{};  // a slug; here and below empty for what there is not
    std::string framework_name{};
    std::string package_manager{};
    std::string package_manager_version{};
    std::string node_version{};
    std::string root_directory{};
    std::string install_command{};
    std::string build_command{};
    std::string output_directory{};  // below the root directory
    std::vector<std::string> reasons{};
};

std::string encode_build_record(const BuildRecord& record);

}  // namespace libra
