#include "seed/seeder.hpp"

#include "seed/parallel.hpp"

#include <ostream>

namespace bench {

void Seeder::run() {
    accounts_.resize(plan_.users);
    chats_.resize(plan_.chats);
    auto& loop = base_.loop;
    run_in_parallel(loop, accounts_.size(), [this](std::size_t index) { return add_user(index); });
    run_in_parallel(loop, chats_.size(), [this](std::size_t index) { return add_chat(index); });
    run_in_parallel(loop, chats_.size(), [this](std::size_t index) { return fill_chat(index); });
}

ping::Task<> Seeder::add_user(std::size_t index) {
    ping::storage::Login login;
    login.email = "user" + std::to_string(index) + "@bench.example";
    login.fresh_user = base_.externals.ids.make<ping::UserId>();
    login.fresh_name = "User " + std::to_string(index);
    login.session = base_.externals.ids.make<ping::SessionId>();
    login.otp_id = login.session.to_string();
    login.now = base_.externals.clock.now();
    login.expires_at = login.now + base_.config.auth.token_lifetime;
    const auto now = login.now;
    const auto opened = co_await engines_.sessions.open(std::move(login));
    require(opened);
    const ping::Identity identity{opened->user.id, opened->session.id, opened->session.expires_at};
    const ping::crypto::Jwt jwt(engines_.secrets.jwt);
    accounts_[index] = {opened->user.id, jwt.sign(identity, now)};
}

const Seeder::Account& Seeder::member(std::size_t chat, std::size_t which) const {
    if (plan_.star) {
        return accounts_.at(which == 0 ? 0 : chat + 1);
    }
    return accounts_.at(2 * chat + which);
}

std::size_t Seeder::messages_of(std::size_t chat) const {
    if (plan_.longest == 0) {
        return plan_.messages / plan_.chats;
    }
    return chat == 0 ? plan_.longest : (plan_.messages - plan_.longest) / (plan_.chats - 1);
}

ping::Task<> Seeder::add_chat(std::size_t index) {
    ping::storage::NewDirectChat request;
    request.fresh = base_.externals.ids.make<ping::ChatId>();
    request.a = member(index, 0).id;
    request.b = member(index, 1).id;
    request.now = base_.externals.clock.now();
    const auto made = co_await engines_.chats.create_direct(std::move(request));
    require(made);
    chats_[index] = {made->id, messages_of(index)};
}

ping::Task<> Seeder::fill_chat(std::size_t index) {
    const auto& chat = chats_[index];
    for (std::size_t number = 0; number < chat.messages; ++number) {
        ping::storage::NewMessage message;
        message.id = base_.externals.ids.make<ping::MessageId>();
        message.chat = chat.id;
        // In runs of four, as people write: then the other has read what came before.
        message.sender = member(index, number / 4 % 2).id;
        message.text = text_;
        message.now = base_.externals.clock.now();
        const auto stored = co_await engines_.chats.append(std::move(message));
        require(stored);
    }
}

void Seeder::write_population(std::ostream& out) const {
    for (const auto& account : accounts_) {
        out << "user " << account.id.to_string() << ' ' << account.token << '\n';
    }
    for (const auto& chat : chats_) {
        out << "chat " << chat.id.to_string() << ' ' << chat.messages << '\n';
    }
}

}  // namespace bench
