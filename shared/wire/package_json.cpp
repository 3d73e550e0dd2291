#include "shared/wire/package_json.hpp"

#include "shared/wire/json.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_max_bytes = 1U << 20U;
constexpr std::string_view k_byte_order_mark{"\xEF\xBB\xBF"};
constexpr std::string_view k_manager{"packageManager"};

/// Events instead of a document: nesting of any depth costs one counter.
class Reader {
public:
    PackageJson take() { return std::move(found_); }

    bool root_is_object() const { return root_is_object_; }

    // RapidJSON calls these by name.
    // NOLINTBEGIN(readability-identifier-naming)
    bool Null() { return scalar(std::nullopt); }

    bool Bool(bool /*value*/) { return scalar(std::nullopt); }

    bool Int(int /*value*/) { return scalar(std::nullopt); }

    bool Uint(unsigned /*value*/) { return scalar(std::nullopt); }

    bool Int64(std::int64_t /*value*/) { return scalar(std::nullopt); }

    bool Uint64(std::uint64_t /*value*/) { return scalar(std::nullopt); }

    bool Double(double /*value*/) { return scalar(std::nullopt); }

    bool RawNumber(const char* /*text*/, rapidjson::SizeType /*size*/, bool /*copy*/)
    {
        return scalar(std::nullopt);
    }

    bool String(const char* text, rapidjson::SizeType size, bool /*copy*/)
    {
        return scalar(std::string_view{text, size});
    }

    bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/)
    {
        if (depth_ == 1) {
            section_.assign(text, size);
        } else if (depth_ == 2) {
            name_.assign(text, size);
        }
        return true;
    }

    bool StartObject()
    {
        root_is_object_ = root_is_object_ || depth_ == 0;
        if (depth_ == 1 && section_ == "scripts") {
            found_.scripts.clear();
            std::erase_if(found_.no_texts, [](const auto& each) { return each != k_manager; });
        }
        open();
        in_object_ = depth_ == 1 ? true : in_object_;
        ++depth_;
        return true;
    }

    bool EndObject(rapidjson::SizeType /*members*/)
    {
        --depth_;
        return true;
    }

    bool StartArray()
    {
        open();
        in_object_ = depth_ == 1 ? false : in_object_;
        ++depth_;
        return true;
    }

    bool EndArray(rapidjson::SizeType /*elements*/)
    {
        --depth_;
        return true;
    }

    // NOLINTEND(readability-identifier-naming)

private:
    /// What every object and every array does where it begins.
    void open()
    {
        if (depth_ == 1 && section_ == "workspaces") {
            found_.workspaces.emplace();
        }
        note_text(std::nullopt);
    }

    void note_text(std::optional<std::string_view> text)
    {
        if (depth_ == 1 && section_ == k_manager) {
            found_.package_manager = text.value_or("");
            note_type(section_, text.has_value());
        } else if (depth_ == 2 && in_object_ && section_ == "scripts") {
            found_.scripts.erase(name_);
            if (text) {
                found_.scripts.emplace(name_, *text);
            }
            note_type("scripts." + name_, text.has_value());
        }
    }

    void note_type(const std::string& member, bool text)
    {
        if (text) {
            found_.no_texts.erase(member);
        } else {
            found_.no_texts.insert(member);
        }
    }

    /// `["a"]` or `{"packages": ["a"]}`
    bool in_patterns() const
    {
        return section_ == "workspaces" && found_.workspaces &&
               (in_object_ ? depth_ == 3 && name_ == "packages" : depth_ == 2);
    }

    bool scalar(std::optional<std::string_view> text)
    {
        note_text(text);
        if (text && in_patterns()) {
            found_.workspaces->emplace_back(*text);
        }
        if (depth_ != 2 || !in_object_) {
            return true;
        }
        if (section_ == "dependencies" || section_ == "devDependencies") {
            found_.dependencies.insert(name_);
        } else if (name_ == "node" && text && section_ == "engines") {
            found_.engines_node = *text;
        } else if (name_ == "node" && text && section_ == "volta") {
            found_.volta_node = *text;
        }
        return true;
    }

    PackageJson found_;
    std::string section_;  // the member of the root we are in
    std::string name_;     // the member of that one
    std::size_t depth_{0};
    bool in_object_{false};
    bool root_is_object_{false};
};

}  // namespace

Result<PackageJson> parse_package_json(std::string_view json)
{
    if (json.size() > k_max_bytes) {
        return Error{Errc::invalid_input, "it is larger than 1 MiB"};
    }
    if (json.starts_with(k_byte_order_mark)) {
        json.remove_prefix(k_byte_order_mark.size());
    }
    constexpr unsigned k_flags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    rapidjson::MemoryStream bytes{json.data(), json.size()};
    // MemoryStream reads NUL at its end, so a NUL byte inside would pass for the end.
    const std::size_t nul = json.find('\0');
    Reader found;
    rapidjson::Reader reader;
    const rapidjson::ParseResult parsed = reader.Parse<k_flags>(bytes, found);
    if (parsed.IsError() || nul != std::string_view::npos) {
        const std::size_t offset = parsed.IsError() ? parsed.Offset() : nul;
        const auto head = json.substr(0, offset);
        const auto line = 1 + std::count(head.begin(), head.end(), '\n');
        std::string_view what =
            parsed.IsError() ? rapidjson::GetParseError_En(parsed.Code()) : "A NUL byte";
        if (what.ends_with('.')) {
            what.remove_suffix(1);  // whoever quotes this ends the sentence
        }
        return Error{Errc::invalid_input, fmt::format("it is not JSON: line {}: {}", line, what)};
    }
    if (!found.root_is_object()) {
        return Error{Errc::invalid_input, "it is not a JSON object"};
    }
    return found.take();
}

}  // namespace libra
