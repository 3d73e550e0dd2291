#include "cli/settings.hpp"

#include "cli/command_failed.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace libra {

namespace {

std::optional<std::string> read_text(const std::filesystem::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        if (std::error_code failed; !std::filesystem::exists(file, failed)) {
            return std::nullopt;
        }
        throw CommandFailed{ExitCode::usage, fmt::format("{} cannot be read.", file.string())};
    }
    return std::string{std::istreambuf_iterator<char>{stream}, {}};
}

std::optional<std::string> member(const JsonValue& object, std::string_view name)
{
    const JsonValue* const value = locate(object, name).value;
    return value != nullptr && value->IsString() ? std::optional{std::string{text_of(*value)}}
                                                 : std::nullopt;
}

std::optional<Settings> read_settings(const std::filesystem::path& file, const std::string& hint)
{
    const std::optional<std::string> text = read_text(file);
    if (!text) {
        return std::nullopt;
    }
    const Result<JsonDocument> document = JsonDocument::parse(*text);
    if (!document || !document->root().IsObject()) {
        throw CommandFailed{
            ExitCode::usage, fmt::format("{} is no JSON object.", file.string()), hint};
    }
    const JsonValue& root = document->root();
    return Settings{
        .url = member(root, "url"),
        .token = member(root, "token"),
        .org_id = member(root, "orgId"),
        .project_id = member(root, "projectId")};
}

void write_file(const std::filesystem::path& file, const std::string& text, mode_t mode)
{
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    const std::string next = file.string() + ".new";
    const int descriptor =
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
        ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    bool good = descriptor >= 0 && ::fchmod(descriptor, mode) == 0 &&
                std::cmp_equal(::write(descriptor, text.data(), text.size()), text.size());
    if (descriptor >= 0) {
        good = ::close(descriptor) == 0 && good;
    }
    if (!good || ::rename(next.c_str(), file.c_str()) != 0) {
        throw CommandFailed{
            ExitCode::usage,
            fmt::format("{} cannot be written: {}.", file.string(), std::strerror(errno))};
    }
}

void add(JsonWriter& json, std::string_view name, const std::optional<std::string>& value)
{
    if (value) {
        json.key(name).text(*value);
    }
}

}  // namespace

std::optional<std::string> environment_variable(const char* name)
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread of ours changes the environment
    const char* const value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>{value};
}

std::filesystem::path login_file(const EnvironmentLookup& environment)
{
    if (const auto folder = environment("XDG_CONFIG_HOME")) {
        return std::filesystem::path{*folder} / "libra/login.json";
    }
    return std::filesystem::path{environment("HOME").value_or("/")} / ".config/libra/login.json";
}

std::optional<Settings> read_login(const std::filesystem::path& file)
{
    return read_settings(file, "Run `libra login` again.");
}

void write_login(const std::filesystem::path& file, const Settings& settings)
{
    JsonWriter json;
    json.begin_object();
    add(json, "url", settings.url);
    add(json, "token", settings.token);
    add(json, "orgId", settings.org_id);
    json.end_object();
    write_file(file, json.take() + '\n', S_IRUSR | S_IWUSR);
}

std::optional<Settings> read_link(const std::filesystem::path& folder)
{
    auto link = read_settings(folder / "libra.json", "Mend it, or delete it and deploy again.");
    if (link) {
        // A file that comes with somebody's code must not send a token anywhere.
        link->url.reset();
        link->token.reset();
    }
    return link;
}

void write_link(
    const std::filesystem::path& folder,
    const std::string& project_id,
    const std::string& org_id
)
{
    JsonWriter json;
    json.begin_object().key("projectId").text(project_id).key("orgId").text(org_id).end_object();
    write_file(folder / "libra.json", json.take() + '\n', S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

Settings complete(
    Settings options,
    const EnvironmentLookup& environment,
    const std::optional<Settings>& link,
    const std::optional<Settings>& login
)
{
    const auto fill = [](std::optional<std::string>& value,
                         const std::optional<std::string>& other) {
        if (!value && other && !other->empty()) {
            value = other;
        }
    };
    fill(options.url, environment("LIBRA_URL"));
    fill(options.token, environment("LIBRA_TOKEN"));
    if (link) {
        fill(options.org_id, link->org_id);
        fill(options.project_id, link->project_id);
    }
    fill(options.org_id, environment("LIBRA_ORG"));
    fill(options.project_id, environment("LIBRA_PROJECT"));
    if (login) {
        fill(options.url, login->url);
        if (options.url == login->url) {
            fill(options.token, login->token);
            fill(options.org_id, login->org_id);
        }
    }
    while (options.url && options.url->ends_with('/')) {
        options.url->pop_back();
    }
    return options;
}

}  // namespace libra
