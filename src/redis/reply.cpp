#include "ping/redis/reply.hpp"

#include "redis/errors.hpp"

namespace ping::redis {

Error to_error(const Reply& reply) {
    if (reply.is_error("ERR") || reply.is_error("WRONGTYPE")) {
        return errors::internal("redis: " + reply.text);
    }
    return not_served(reply.text);
}

}  // namespace ping::redis
