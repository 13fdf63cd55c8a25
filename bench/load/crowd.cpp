#include "crowd.hpp"

#include <algorithm>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::size_t most_at_a_time = 100;
constexpr std::uint64_t join_ack = 1;

}  // namespace

/// One connection: the handshake, the greeting, the join, then its texts go to the crowd's user.
class Crowd::Member final : private WsUser {
public:
    Member(Crowd& crowd, std::size_t index) : crowd_(crowd), index_(index), client_(crowd.context_, *this) {
        const auto headers = "Authorization: Bearer " + token() + "\r\n";
        client_.connect(crowd.options_.server, socket_path(dialect()), headers);
    }
    void send(std::string_view text) { client_.send(text); }

private:
    enum class Stage : std::uint8_t { greeting, joining, ready };

    Dialect dialect() const { return crowd_.options_.dialect; }
    const std::string& token() const {
        const auto& accounts = crowd_.population_.accounts;
        return accounts[index_ % accounts.size()].token;
    }
    void on_open() override {}
    void on_text(std::string_view text) override;
    void greet_back(std::string_view text);
    void become_ready() {
        stage_ = Stage::ready;
        crowd_.on_member_ready();
    }

    Crowd& crowd_;
    const std::size_t index_;
    Stage stage_ = Stage::greeting;
    WsClient client_;
};

void Crowd::Member::on_text(std::string_view text) {
    if (const auto answer = heartbeat_answer(dialect(), text); !answer.empty()) {
        client_.send(answer);
    } else if (stage_ == Stage::ready) {
        crowd_.user_.on_text(index_, text);
    } else if (stage_ == Stage::greeting) {
        greet_back(text);
    } else if (is_answer(dialect(), text)) {
        become_ready();
    }
}

void Crowd::Member::greet_back(std::string_view text) {
    const auto greeting = greet(dialect(), text, token());
    if (!greeting.reply.empty()) {
        client_.send(greeting.reply);
    }
    if (!greeting.is_ready) {
        return;
    }
    if (!crowd_.options_.joins) {
        become_ready();
        return;
    }
    stage_ = Stage::joining;
    const auto chat = '"' + crowd_.chat_of(index_).id + '"';
    client_.send(write_event(dialect(), "joinChat", chat, join_ack));
}

Crowd::Crowd(boost::asio::io_context& context, CrowdOptions options, const Population& population,
             CrowdUser& user)
    : context_(context), options_(options), population_(population), user_(user) {
    members_.reserve(options_.connections);
}

Crowd::~Crowd() = default;

void Crowd::open_up_to(std::size_t count) {
    wanted_ = std::min(count, options_.connections);
    for (std::size_t i = 0; i < most_at_a_time; ++i) {
        open_next();
    }
}

void Crowd::open_next() {
    if (members_.size() < wanted_) {
        members_.push_back(std::make_unique<Member>(*this, members_.size()));
    }
}

void Crowd::on_member_ready() {
    ++ready_;
    open_next();
    if (ready_ == wanted_) {
        user_.on_all_ready();
    }
}

void Crowd::send(std::size_t index, std::string_view name, std::string_view json, std::uint64_t ack) {
    members_.at(index)->send(write_event(options_.dialect, name, json, ack));
}

const Population::Chat& Crowd::chat_of(std::size_t index) const {
    const auto chat = index / options_.per_chat;
    if (chat >= population_.chats.size()) {
        throw std::runtime_error("the population has too few chats for so many connections");
    }
    return population_.chats[chat];
}

}  // namespace bench
