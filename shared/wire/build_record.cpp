#include "shared/wire/build_record.hpp"

#include "shared/wire/json_writer.hpp"

#include <string_view>

namespace libra {

std::string encode_build_record(const BuildRecord& record)
{
    JsonWriter json;
    const auto write = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) {
            json.key(key).text(value);
        }
    };
    json.begin_object();
    write("framework", record.framework);
    write("frameworkName", record.framework_name);
    write("packageManager", record.package_manager);
    write("packageManagerVersion", record.package_manager_version);
    write("nodeVersion", record.node_version);
    write("rootDirectory", record.root_directory);
    write("installCommand", record.install_command);
    write("buildCommand", record.build_command);
    write("outputDirectory", record.output_directory);
    json.key("reasons").begin_array();
    for (const std::string& reason : record.reasons) {
        json.text(reason);
    }
    json.end_array().end_object();
    return json.take();
}

}  // namespace libra
