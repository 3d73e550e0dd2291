#include "shared/domain/rules.hpp"
#include "shared/wire/deploy_request.hpp"
#include "shared/wire/queue_message.hpp"
#include "tests/fuzz/params.hpp"
#include "tests/fuzz/verdicts.hpp"

namespace libra::fuzz {

namespace {

void check_message(std::string_view input)
{
    const Result<QueueMessage> message = decode_queue_message(input);
    if (!message) {
        must(message.error().code == Errc::invalid_input, "a bad message is poison");
        must(fit_to_show(message.error().detail), "a dead letter has a reason that can be shown");
        return;
    }
    must(!id_problem(message->deployment_id), "an accepted id obeys its rule");
    must(message->retry_count >= 0 && message->retry_count <= 1000, "a retry count is small");
    check_params(message->params);

    const std::string encoded = encode_queue_message(*message);
    const Result<QueueMessage> again = decode_queue_message(encoded);
    must(again.has_value(), "what is sent can be received");
    must(again->params == message->params, "what is received is what was sent");
    must(encode_queue_message(*again) == encoded, "what was received is sent on the same");
}

void check_stored(std::string_view input)
{
    const Result<DeploymentParams> params = decode_params(input);
    if (params) {
        check_params(*params);
        const Result<DeploymentParams> again = decode_params(encode_params(*params));
        must(again.has_value() && *again == *params, "what is stored is read as it was");
    }
}

}  // namespace

void try_input(std::string_view input)
{
    check_message(input);
    check_stored(input);
}

}  // namespace libra::fuzz
