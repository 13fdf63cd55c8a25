#pragma once

#include "app/parts.hpp"

#include <string>
#include <vector>

namespace ping::app {

/// The mail thread's questions to the loop which codes still live. No answers when they do not come within a
/// second.
mail::AskCurrentOtps make_ask_current(Base& base, ephemeral::OtpStore& codes);

/// The same for who sends which mail.
class LoopClaims final : public mail::SendClaims {
public:
    LoopClaims(Base& base, ephemeral::MailMarks& marks) : base_(base), marks_(marks) {}
    std::vector<Answer> claim(const std::vector<std::string>& message_ids) override;
    void note_sent(const std::vector<std::string>& message_ids) override;
    void release(const std::vector<std::string>& message_ids) override;

private:
    Base& base_;
    ephemeral::MailMarks& marks_;
};

/// `hash_key` keys the hashes in dead letters.
mail::MailWorkerOptions mail_worker_options(const Config& config, const crypto::Key& hash_key,
                                            const ephemeral::OtpStore& codes);

}  // namespace ping::app
