#pragma once

#include "ping/crypto/random.hpp"
#include "ping/ephemeral/mail_marks.hpp"
#include "ping/redis/client.hpp"
#include "ping/redis/script.hpp"

#include <string>

namespace ping::ephemeral {

/// The marks of mails in Redis: `mail:<message id>` is `sent`, or names the worker that has the mail on its
/// way. Redis' TTLs end both.
class RedisMailMarks final : public MailMarks {
public:
    /// Each object is a worker of its own, with a name made at random. The client outlives it.
    RedisMailMarks(redis::Client& client, Rng& rng);

    Task<Result<MailClaim>> claim(std::string message_id) override;
    Task<Result<void>> note_sent(std::string message_id) override;
    Task<Result<void>> release(std::string message_id) override;

private:
    redis::Client& client_;
    const std::string worker_;
    redis::Script claim_;
    redis::Script release_;
};

}  // namespace ping::ephemeral
