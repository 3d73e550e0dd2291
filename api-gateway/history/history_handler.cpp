#include "api-gateway/history/history_handler.hpp"

#include "shared/domain/rules.hpp"

#include <utility>

namespace libra {

HistoryHandler::HistoryHandler(const Parts& parts, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, "read", std::move(log)},
      history_{parts.history}
{
}

Reader HistoryHandler::reader_of(const Principal& caller)
{
    return {.user_id = caller.user_id, .everywhere = caller.service};
}

HttpResponse OneDeploymentHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error(k_invalid_id, k_invalid_id_in_path);
    }
    return answer_for(id, request, reader_of(caller));
}

}  // namespace libra
