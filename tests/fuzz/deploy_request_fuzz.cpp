#include "shared/domain/rules.hpp"
#include "shared/wire/answers.hpp"
#include "shared/wire/deploy_request.hpp"
#include "shared/wire/queue_message.hpp"
#include "shared/wire/source_manifest.hpp"
#include "tests/fuzz/params.hpp"
#include "tests/fuzz/verdicts.hpp"

namespace libra::fuzz {

namespace {

const RequestLimits k_limits{
    .files = 8,
    .file_bytes = 64,
    .history_messages = 4,
    .platform_domain = "libra.dev",
};

void check_limits(const DeploymentParams& params)
{
    must(params.init_files.size() <= k_limits.files, "no more files than allowed");
    must(params.history.size() <= k_limits.history_messages, "no more messages than allowed");
    for (const SourceFile& file : params.init_files) {
        const auto* const text = std::get_if<std::string>(&file.content);
        must(text == nullptr || text->size() <= k_limits.file_bytes, "no file larger than allowed");
    }
    for (const HistoryMessage& message : params.history) {
        const auto& text = std::get<std::string>(message.content);
        must(
            message.role == Role::user || decode_edits(text).has_value(),
            "accepted edits can be applied"
        );
    }
}

void check_encoding(const DeploymentParams& params)
{
    const std::string encoded = encode_params(params);
    const ParsedRequest again = parse_deploy_request(encoded, k_limits);
    const auto* const same = accepted(again, encoded);
    must(same != nullptr && *same == params, "what is stored says what was asked for");
    // An upload has no size yet: the database completes it.
    if (!params.has_uploads()) {
        const Result<DeploymentParams> stored = decode_params(encoded);
        must(stored.has_value() && *stored == params, "a worker reads what was asked for");
    }
}

}  // namespace

void try_input(std::string_view input)
{
    const ParsedRequest verdict = parse_deploy_request(input, k_limits);
    const DeploymentParams* const params = accepted(verdict, input);
    if (params == nullptr) {
        const auto* const problems = std::get_if<Problems>(&verdict);
        must(
            problems == nullptr || JsonDocument::parse(encode_problems(*problems)).has_value(),
            "the answer about a bad request is JSON"
        );
        return;
    }
    check_params(*params);
    check_limits(*params);
    check_encoding(*params);
}

}  // namespace libra::fuzz
