#pragma once

#include "api-gateway/letters/letter_reading_handlers.hpp"
#include "api-gateway/letters/letter_resolving_handlers.hpp"

/// @file Every endpoint of /dlq.

namespace libra {

class LetterEndpoints {
public:
    /// What `parts` refers to must outlive it.
    LetterEndpoints(const LetterHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    LetterListHandler list_;
    LetterDetailHandler detail_;
    LetterRequeueHandler requeue_;
    LettersRequeueHandler requeue_matching_;
    LetterDiscardHandler discard_;
};

}  // namespace libra
