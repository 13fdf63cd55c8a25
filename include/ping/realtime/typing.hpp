#pragma once

#include "ping/realtime/hub.hpp"
#include "ping/runtime/rate_limiter.hpp"
#include "ping/runtime/timer_wheel.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace ping::realtime {

/// Who is typing in which chat. A start is told when it begins and again every 2 s while it goes on, for
/// those who opened the chat later; a stop once. A typist stops by saying so, by sending, by 6 s of silence,
/// or when the connection leaves on which they typed last. Starts beyond two a second and user are dropped:
/// the next keystroke brings another. Knows nothing of membership: `ask`, check, then `start` or `refuse`, so
/// that a stop that overtakes the check is not undone by it. Loop thread.
class Typing final : public HubObserver {
public:
    static constexpr std::chrono::seconds silence{6};
    static constexpr std::chrono::seconds repeat_after{2};
    static constexpr int starts_per_second = 2;

    struct Change {
        ChatId chat;
        UserId typist;
        bool is_typing;
        std::vector<UserId> audience;  ///< the chat's other members
    };
    using Tell = std::function<void(const Change&)>;

    /// Observes the hub. Hub, timers and clock must outlive it.
    Typing(Hub& hub, TimerWheel& timers, const Clock& clock, Tell tell);

    /// Somebody says that they type. Nobody hears of it before `start`. Does nothing for a connection that
    /// has left.
    void ask(const Caller& caller, ChatId chat);
    /// They are a member: tells it to `members`, but for the typist. Does nothing when they have stopped
    /// since they asked.
    void start(UserId user, ChatId chat, std::vector<UserId> members);
    /// They are none, or nobody knows.
    void refuse(UserId user, ChatId chat);
    /// Tells it when the user was typing there.
    void stop(UserId user, ChatId chat);
    /// Typists at this moment.
    std::size_t size() const { return typists_.size(); }

    void joined(const Caller& /*caller*/, WireFormat /*format*/) override {}
    void left(const Caller& caller, Departure how) override;

private:
    /// The user first: a connection that leaves is looked for among its user's chats.
    using Key = std::pair<UserId, ChatId>;
    struct Typist {
        ConnectionId connection{};
        std::vector<UserId> audience;
        std::optional<SteadyTime> told_at;  ///< nothing: asked, and not told yet
        CallbackTimer silence_timer;
    };

    Hub& hub_;
    TimerWheel& timers_;
    const Clock& clock_;
    Tell tell_;
    RateLimiter starts_;
    std::map<Key, Typist> typists_;
};

}  // namespace ping::realtime
