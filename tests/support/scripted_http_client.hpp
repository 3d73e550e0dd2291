#pragma once

#include "shared/net/http_client.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace libra::testing {

/// Keeps every call and answers it with a function of the test.
class ScriptedHttpClient final : public HttpClient {
public:
    using Answer = std::function<Result<HttpReply>(const HttpCall& call)>;

    explicit ScriptedHttpClient(Answer answer) : answer_{std::move(answer)} {}

    Result<HttpReply> send(const HttpCall& call, std::stop_token /*stop*/) override
    {
        calls_.push_back(call);
        return answer_(call);
    }

    const std::vector<HttpCall>& calls() const { return calls_; }

private:
    Answer answer_;
    std::vector<HttpCall> calls_;
};

}  // namespace libra::testing
