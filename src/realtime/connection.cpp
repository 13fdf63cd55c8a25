#include "ping/realtime/connection.hpp"

namespace ping::realtime {

std::uint16_t close_code(CloseReason reason) {
    switch (reason) {
        case CloseReason::going_away:
            return 1001;
        case CloseReason::policy:
            return 1008;
        case CloseReason::too_big:
            return 1009;
        case CloseReason::not_authenticated:
            return 4401;
        case CloseReason::too_slow:
            return 4408;
        case CloseReason::too_many:
            return 4429;
    }
    return 1011;
}

std::string_view to_string(CloseReason reason) {
    switch (reason) {
        case CloseReason::going_away:
            return "going away";
        case CloseReason::policy:
            return "policy violation";
        case CloseReason::too_big:
            return "message too big";
        case CloseReason::not_authenticated:
            return "not authenticated";
        case CloseReason::too_slow:
            return "too slow";
        case CloseReason::too_many:
            return "too many connections";
    }
    return "internal error";
}

}  // namespace ping::realtime
