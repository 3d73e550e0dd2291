#pragma once

#include "api-gateway/letters/letter_handler.hpp"

namespace libra {

/// POST /dlq/{id}/requeue.
class LetterRequeueHandler final : public OneLetterHandler {
public:
    using OneLetterHandler::OneLetterHandler;

protected:
    HttpResponse
    answer_for(std::int64_t id, const HttpRequest& request, const Principal& admin) override;
};

/// POST /dlq/requeue.
class LettersRequeueHandler final : public LetterHandler {
public:
    using LetterHandler::LetterHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& admin) override;
};

/// DELETE /dlq/{id}.
class LetterDiscardHandler final : public OneLetterHandler {
public:
    using OneLetterHandler::OneLetterHandler;

protected:
    HttpResponse
    answer_for(std::int64_t id, const HttpRequest& request, const Principal& admin) override;
};

}  // namespace libra
