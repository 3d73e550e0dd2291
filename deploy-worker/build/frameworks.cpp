#include "deploy-worker/build/frameworks.hpp"

#include "shared/wire/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

namespace libra {

namespace embedded {

std::string_view frameworks();

}  // namespace embedded

namespace {

using Strings = std::vector<std::string>;

/// Reads on after a problem; the first one counts.
class Reader {
public:
    const std::string& problem() const { return problem_; }

    void complain(std::string_view where, std::string_view what)
    {
        if (problem_.empty()) {
            problem_ = fmt::format("{}: {}", where, what);
        }
    }

    std::string text(const JsonValue& value, std::string_view where)
    {
        if (!value.IsString() || value.GetStringLength() == 0) {
            complain(where, "is not a text");
            return {};
        }
        return std::string{text_of(value)};
    }

    /// A text by itself is a list of one.
    Strings texts(const JsonValue& value, std::string_view where)
    {
        if (!value.IsArray()) {
            return {text(value, where)};
        }
        Strings all;
        for (const JsonValue& each : value.GetArray()) {
            all.push_back(text(each, where));
        }
        return all;
    }

    using Members = std::map<std::string, std::function<void(const JsonValue&)>, std::less<>>;

    void object(const JsonValue& value, std::string_view where, const Members& members)
    {
        if (!value.IsObject()) {
            complain(where, "is not an object");
            return;
        }
        for (const auto& member : value.GetObject()) {
            const auto known = members.find(text_of(member.name));
            if (known == members.end()) {
                complain(where, fmt::format("has the unknown member {}", text_of(member.name)));
            } else {
                known->second(member.value);
            }
        }
    }

    template <class T, class Read>
    std::vector<T> list(const JsonValue& value, std::string_view where, Read read)
    {
        std::vector<T> all;
        if (!value.IsArray()) {
            complain(where, "is not a list");
            return all;
        }
        for (const JsonValue& each : value.GetArray()) {
            all.push_back(read(each));
        }
        return all;
    }

    Condition condition(const JsonValue& value, std::string_view where);
    Refusal refusal(const JsonValue& value, std::string_view where);
    Framework framework(const JsonValue& value);
    FrameworkList framework_list(const JsonValue& value);

private:
    std::string problem_{};
};

Condition Reader::condition(const JsonValue& value, std::string_view where)
{
    using Kind = Condition::Kind;
    Condition found;
    int kinds = 0;
    const auto parts = [&](Kind kind) {
        return [&, kind](const JsonValue& list_of) {
            ++kinds;
            found.kind = kind;
            found.parts = list<Condition>(list_of, where, [&](const JsonValue& part) {
                return condition(part, where);
            });
        };
    };
    const auto names = [&](Kind kind) {
        return [&, kind](const JsonValue& named) {
            ++kinds;
            found.kind = kind;
            found.names = texts(named, where);
        };
    };
    object(
        value,
        where,
        {{"all", parts(Kind::all)},
         {"any", parts(Kind::any)},
         {"not",
          [&](const JsonValue& part) {
              ++kinds;
              found.kind = Kind::none;
              found.parts = {condition(part, where)};
          }},
         {"dependency", names(Kind::dependency)},
         {"file", names(Kind::file)},
         {"in", names(Kind::says)},
         {"script", names(Kind::script)},
         {"says", [&](const JsonValue& phrase) { found.phrase = text(phrase, where); }},
         {"runs",
          [&](const JsonValue& phrase) {
              ++kinds;
              found.kind = Kind::runs;
              found.phrase = text(phrase, where);
          }}}
    );
    const bool has_phrase = found.kind == Kind::says || found.kind == Kind::runs;
    if (kinds != 1 || has_phrase == found.phrase.empty()) {
        complain(where, "has a condition that asks for nothing, or for two things");
    }
    return found;
}

Refusal Reader::refusal(const JsonValue& value, std::string_view where)
{
    Refusal found;
    object(
        value,
        where,
        {{"when", [&](const JsonValue& when) { found.when = condition(when, where); }},
         {"why", [&](const JsonValue& why) { found.why = text(why, where); }}}
    );
    if (found.why.empty()) {
        complain(where, "has a refusal without a reason");
    }
    return found;
}

Framework Reader::framework(const JsonValue& value)
{
    Framework found;
    const bool named = value.IsObject() && value.HasMember("slug");
    const std::string where = named ? text(value["slug"], "a framework") : "a framework";
    const auto into_text = [&](std::string& member) {
        return [&](const JsonValue& given) { member = text(given, where); };
    };
    const auto into_texts = [&](Strings& member) {
        return [&](const JsonValue& given) { member = texts(given, where); };
    };
    const auto flavour = [&](const JsonValue& given) {
        Flavour read;
        object(
            given,
            where,
            {{"dependency", into_text(read.dependency)}, {"name", into_text(read.name)}}
        );
        return read;
    };
    const auto setting = [&](const JsonValue& given) {
        OutputSetting read;
        object(
            given,
            where,
            {{"in", into_texts(read.files)},
             {"key", into_text(read.key)},
             {"below", into_texts(read.below)}}
        );
        return read;
    };
    object(
        value,
        where,
        {{"slug", into_text(found.slug)},
         {"name", into_text(found.name)},
         {"flavours",
          [&](const JsonValue& given) { found.flavours = list<Flavour>(given, where, flavour); }},
         {"detect", [&](const JsonValue& given) { found.detect = condition(given, where); }},
         {"supersedes", into_texts(found.supersedes)},
         {"scripts", into_texts(found.scripts)},
         {"command", into_text(found.command)},
         {"outputs", into_texts(found.outputs)},
         {"outputSettings",
          [&](const JsonValue& given) {
              found.output_settings = list<OutputSetting>(given, where, setting);
          }},
         {"outputFlags", into_texts(found.output_flags)},
         {"caches", into_texts(found.caches)},
         {"refusals",
          [&](const JsonValue& given) {
              found.refusals = list<Refusal>(given, where, [&](const JsonValue& each) {
                  return refusal(each, where);
              });
          }},
         {"outputHint", into_text(found.output_hint)}}
    );
    if (found.slug.empty() || found.name.empty()) {
        complain(where, "has no slug or no name");
    }
    const bool asks = !found.detect.parts.empty() || !found.detect.names.empty();
    if (!asks) {
        complain(where, "has nothing to be detected by");
    }
    return found;
}

FrameworkList Reader::framework_list(const JsonValue& value)
{
    FrameworkList found;
    const auto frameworks = [&](std::vector<Framework>& member) {
        return [&](const JsonValue& given) {
            member = list<Framework>(given, "the list", [&](const JsonValue& each) {
                return framework(each);
            });
        };
    };
    object(
        value,
        "the list",
        {{"frameworks", frameworks(found.frameworks)},
         {"servers", frameworks(found.servers)},
         {"serverRefusal",
          [&](const JsonValue& given) { found.server_refusal = refusal(given, "serverRefusal"); }},
         {"others", frameworks(found.others)},
         {"usualOutputs",
          [&](const JsonValue& given) { found.usual_outputs = texts(given, "usualOutputs"); }},
         {"nodeLines",
          [&](const JsonValue& given) { found.lts_lines = texts(given, "nodeLines"); }}}
    );
    return found;
}

void check_references(const FrameworkList& found, Reader& reader)
{
    std::set<std::string> slugs;
    for (const auto* const list : {&found.frameworks, &found.servers, &found.others}) {
        for (const Framework& framework : *list) {
            if (!slugs.insert(framework.slug).second) {
                reader.complain(framework.slug, "comes twice");
            }
        }
    }
    for (const Framework& framework : found.frameworks) {
        if (framework.outputs.empty() || framework.scripts.empty() || framework.command.empty()) {
            reader.complain(framework.slug, "has no script, command or output");
        }
        for (const std::string& slug : framework.supersedes) {
            if (!slugs.contains(slug)) {
                reader.complain(framework.slug, "supersedes something unknown");
            }
        }
    }
    for (const Framework& framework : found.others) {
        if (framework.refusals.empty()) {
            reader.complain(framework.slug, "does not say why it cannot be hosted");
        }
    }
    if (found.server_refusal.why.empty() || found.usual_outputs.empty()) {
        reader.complain("the list", "has no serverRefusal or no usualOutputs");
    }
}

}  // namespace

Result<FrameworkList> parse_framework_list(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (!document) {
        return document.error();
    }
    Reader reader;
    FrameworkList found = reader.framework_list(document->root());
    check_references(found, reader);
    if (!reader.problem().empty()) {
        return Error{Errc::invalid_input, reader.problem()};
    }
    return found;
}

const FrameworkList& framework_list()
{
    static const FrameworkList list = [] {
        Result<FrameworkList> parsed = parse_framework_list(embedded::frameworks());
        if (!parsed) {
            throw std::logic_error{"frameworks.json: " + parsed.error().detail};
        }
        return *std::move(parsed);
    }();
    return list;
}

const Framework* framework_with(std::string_view slug)
{
    const auto& all = framework_list().frameworks;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Framework& framework) {
        return framework.slug == slug;
    });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace libra
