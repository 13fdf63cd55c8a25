#pragma once

#include "ping/core/error.hpp"
#include "ping/runtime/task.hpp"

#include <chrono>
#include <string>

namespace ping::ephemeral {

enum class MailClaim { ours, busy, sent };

/// Which mail is on its way and which was sent, for all workers of a queue (TRUST.md §4.2). Calls are atomic
/// against each other. Loop thread. Errors: unavailable.
class MailMarks {
public:
    /// Longer than a mail may take, so that a claim that is over is a crashed worker's.
    static constexpr std::chrono::seconds claim_lifetime{60};
    /// Longer than a code lives: its mail is not sent again after that anyway.
    static constexpr std::chrono::seconds sent_lifetime{600};

    virtual ~MailMarks() = default;
    /// Claims the mail for this worker, unless another one has it or it was sent.
    virtual Task<Result<MailClaim>> claim(std::string message_id) = 0;
    virtual Task<Result<void>> note_sent(std::string message_id) = 0;
    /// Ends this worker's claim, if it has it.
    virtual Task<Result<void>> release(std::string message_id) = 0;
};

}  // namespace ping::ephemeral
