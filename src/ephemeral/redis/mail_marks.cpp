#include "ping/ephemeral/redis/mail_marks.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace ping::ephemeral {

extern const std::string_view lua_claim_mail;
extern const std::string_view lua_release_mail;

namespace {

constexpr std::string_view sent_mark = "sent";
constexpr std::size_t name_bytes = 16;

std::string key_of(const std::string& message_id) {
    return "mail:" + message_id;
}

}  // namespace

RedisMailMarks::RedisMailMarks(redis::Client& client, Rng& rng)
    : client_(client),
      worker_("worker:" + crypto::random_hex(rng, name_bytes)),
      claim_(std::string(lua_claim_mail)),
      release_(std::string(lua_release_mail)) {}

Task<Result<MailClaim>> RedisMailMarks::claim(std::string message_id) {
    const auto key = key_of(message_id);
    const auto lifetime = std::to_string(std::chrono::milliseconds(claim_lifetime).count());
    const std::array<std::string_view, 1> keys{key};
    const std::array<std::string_view, 2> arguments{worker_, lifetime};
    const auto reply = co_await claim_.run(client_, keys, arguments);
    if (!reply) {
        co_return reply.error();
    }
    if (reply->text == sent_mark) {
        co_return MailClaim::sent;
    }
    co_return reply->text == "busy" ? MailClaim::busy : MailClaim::ours;
}

Task<Result<void>> RedisMailMarks::note_sent(std::string message_id) {
    const auto key = key_of(message_id);
    const auto lifetime = std::to_string(sent_lifetime.count());
    const std::array<std::string_view, 5> arguments{"SET", key, sent_mark, "EX", lifetime};
    redis::Command command(arguments);
    const auto reply = co_await client_.call(std::move(command));
    if (!reply) {
        co_return reply.error();
    }
    if (reply->is_error()) {
        co_return redis::to_error(*reply);
    }
    co_return ok();
}

Task<Result<void>> RedisMailMarks::release(std::string message_id) {
    const auto key = key_of(message_id);
    const std::array<std::string_view, 1> keys{key};
    const std::array<std::string_view, 1> arguments{worker_};
    const auto reply = co_await release_.run(client_, keys, arguments);
    if (!reply) {
        co_return reply.error();
    }
    co_return ok();
}

}  // namespace ping::ephemeral
