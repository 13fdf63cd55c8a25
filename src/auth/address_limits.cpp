#include "ping/auth/address_limits.hpp"

namespace ping::auth {
namespace {

constexpr double seconds_per_minute = 60;
constexpr double seconds_per_day = 24 * 3600;
// 100 wrong guesses in 15 minutes.
constexpr double guesses_burst = 100;
constexpr double guesses_per_second = guesses_burst / (15 * seconds_per_minute);

double unless_off(const Config::Limits& limits, double burst) {
    return limits.per_ip == 0 ? 0 : burst;
}

}  // namespace

AddressLimits::AddressLimits(const Clock& clock, const Config::Limits& limits)
    : mails_(clock, unless_off(limits, limits.logins_per_ip_burst),
             limits.logins_per_ip_per_minute / seconds_per_minute),
      mails_of_a_day_(clock, unless_off(limits, limits.logins_per_ip_per_day),
                      limits.logins_per_ip_per_day / seconds_per_day),
      guesses_(clock, unless_off(limits, guesses_burst), guesses_per_second) {}

std::optional<std::chrono::seconds> AddressLimits::take_mail(std::string_view client) {
    if (const auto wait = mails_.take(client)) {
        return wait;
    }
    const auto wait = mails_of_a_day_.take(client);
    if (wait) {
        mails_.give_back(client);
    }
    return wait;
}

std::optional<std::chrono::seconds> AddressLimits::take_guess(std::string_view client) {
    return guesses_.take(client);
}

void AddressLimits::give_back_guess(std::string_view client) {
    guesses_.give_back(client);
}

}  // namespace ping::auth
