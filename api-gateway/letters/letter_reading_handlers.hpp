#pragma once

#include "api-gateway/letters/letter_handler.hpp"

namespace libra {

/// GET /dlq.
class LetterListHandler final : public LetterHandler {
public:
    using LetterHandler::LetterHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& admin) override;
};

/// GET /dlq/{id}.
class LetterDetailHandler final : public OneLetterHandler {
public:
    using OneLetterHandler::OneLetterHandler;

protected:
    HttpResponse
    answer_for(std::int64_t id, const HttpRequest& request, const Principal& admin) override;
};

}  // namespace libra
