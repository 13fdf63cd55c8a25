#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace ping::mail {

enum class SendMark { sent, unknown };

/// What became of the last mails, by job: so that a job which comes again after its ack was lost is not sent
/// twice, and one whose outcome is unknown is tried once more only. Forgets the oldest.
class SendHistory {
public:
    static constexpr std::size_t most_entries = 4096;

    void note(const std::string& message_id, SendMark mark);
    std::optional<SendMark> find(const std::string& message_id) const;

private:
    std::unordered_map<std::string, SendMark> marks_;
    std::deque<std::string> order_;
};

}  // namespace ping::mail
