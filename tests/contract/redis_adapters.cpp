// Registers the Redis adapters where scripts/test.sh has started a Redis (PINGD_TEST_REDIS_URL).
#include "contract/adapters.hpp"
#include "ping/ephemeral/redis/otp_store.hpp"
#include "support/redis_client.hpp"
#include "support/redis_server.hpp"

#include <stdexcept>

namespace ping::test {
namespace {

class RedisOtpFixture final : public OtpFixture {
public:
    RedisOtpFixture() {
        if (!client_.is_up_within(std::chrono::seconds(5))) {
            throw std::runtime_error("not connected to Redis");
        }
    }
    ephemeral::OtpStore& codes() override { return codes_; }

private:
    RedisServer server_;
    RedisClient client_{loop, server_.options()};
    ephemeral::RedisOtpStore codes_{client_.client()};
};

struct RegisterWhereRedisIs {
    RegisterWhereRedisIs() {
        if (redis_url()) {
            const Registered<OtpFixture> codes("redis", [] { return std::make_unique<RedisOtpFixture>(); });
        }
    }
} const redis_adapters;

}  // namespace
}  // namespace ping::test
