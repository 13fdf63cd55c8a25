#include "seed/code_seeder.hpp"

#include "ping/crypto/random.hpp"
#include "seed/parallel.hpp"

#include <algorithm>
#include <ostream>

namespace bench {
namespace {

/// A locked account stays as it is whatever is guessed, so that a few do for all samples; and their failures,
/// of which each needs many, stay below the number that counts as an attack on everybody.
constexpr std::size_t most_locked = 200;

std::string address_of(std::string_view kind, std::size_t index) {
    return std::string(kind) + std::to_string(index) + "@bench.example";
}

}  // namespace

void CodeSeeder::run() {
    live_.resize(samples_);
    expired_.resize(samples_);
    used_.resize(samples_);
    locked_.resize(std::min(samples_, most_locked));
    auto& loop = base_.loop;
    run_in_parallel(loop, locked_.size(), [this](std::size_t index) { return add_locked(index); });
    run_in_parallel(loop, used_.size(), [this](std::size_t index) { return add_used(index); });
    run_in_parallel(loop, live_.size(), [this](std::size_t index) { return add_live(index); });
    // Last: a new code sweeps away those that have expired.
    run_in_parallel(loop, expired_.size(), [this](std::size_t index) { return add_expired(index); });
}

ping::Task<std::string> CodeSeeder::issue(std::string address, ping::Time now) {
    ping::ephemeral::OtpIssue request;
    request.subject = address;
    request.mailbox = std::move(address);
    request.id = ping::crypto::random_hex(base_.externals.rng, 16);
    request.key_id = engines_.secrets.otp.front().id;
    base_.externals.rng.fill(request.nonce);
    base_.externals.rng.fill(request.mac);
    request.now = now;
    auto flow = request.id;
    const auto issued = co_await engines_.codes->issue(std::move(request));
    require(issued);
    if (issued->outcome != ping::ephemeral::OtpIssueOutcome::issued) {
        throw std::runtime_error("a code was refused");
    }
    co_return flow;
}

ping::Task<> CodeSeeder::guess(std::string address, std::string flow, ping::Time now, bool is_right) {
    ping::ephemeral::OtpGuess guess{std::move(address), std::move(flow), now, {}};
    guess.is_right = [is_right](const ping::ephemeral::OtpChallenge&) { return is_right; };
    const auto guessed = co_await engines_.codes->guess(std::move(guess));
    require(guessed);
    if (guessed->verdict == ping::ephemeral::OtpVerdict::refused) {
        throw std::runtime_error("a guess was refused");
    }
}

ping::Task<> CodeSeeder::add_live(std::size_t index) {
    auto& code = live_[index];
    code.address = address_of("live", index);
    code.flow = co_await issue(code.address, base_.externals.clock.now());
}

ping::Task<> CodeSeeder::add_expired(std::size_t index) {
    auto& code = expired_[index];
    code.address = address_of("expired", index);
    const auto lifetime = engines_.codes->limits().lifetime;
    code.flow = co_await issue(code.address, base_.externals.clock.now() - 2 * lifetime);
}

ping::Task<> CodeSeeder::add_used(std::size_t index) {
    auto& code = used_[index];
    code.address = address_of("used", index);
    const auto now = base_.externals.clock.now();
    code.flow = co_await issue(code.address, now);
    co_await guess(code.address, code.flow, now, true);
}

ping::Task<> CodeSeeder::add_locked(std::size_t index) {
    auto& code = locked_[index];
    code.address = address_of("locked", index);
    const auto& limits = engines_.codes->limits();
    auto now = base_.externals.clock.now() - 3 * limits.resend_after;
    for (int failures = 0; failures < limits.failures_before_lock; ++failures) {
        if (failures % limits.guesses_per_code == 0) {
            now += limits.resend_after;
            code.flow = co_await issue(code.address, now);
        }
        co_await guess(code.address, code.flow, now, false);
    }
}

void CodeSeeder::write_guesses(std::ostream& out) const {
    for (std::size_t i = 0; i < samples_; ++i) {
        const auto& locked = locked_[i % locked_.size()];
        out << "guess wrong " << live_[i].address << ' ' << live_[i].flow << '\n';
        out << "guess expired " << expired_[i].address << ' ' << expired_[i].flow << '\n';
        out << "guess used " << used_[i].address << ' ' << used_[i].flow << '\n';
        out << "guess locked " << locked.address << ' ' << locked.flow << '\n';
        out << "guess absent " << address_of("nobody", i) << ' ' << expired_[i].flow << '\n';
    }
}

}  // namespace bench
