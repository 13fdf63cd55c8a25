#include "redis/greeting.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace ping::redis {
namespace {

Command command_of(std::initializer_list<std::string_view> arguments) {
    return Command(std::vector<std::string_view>(arguments));
}

}  // namespace

std::vector<GreetingStep> greeting(const Options& options) {
    std::vector<GreetingStep> steps;
    if (!options.user.empty()) {
        steps.push_back({command_of({"AUTH", options.user, options.password}), false});
    } else if (!options.password.empty()) {
        steps.push_back({command_of({"AUTH", options.password}), false});
    }
    // A server's access rules or a proxy may not know it.
    steps.push_back({command_of({"CLIENT", "SETNAME", options.name}), true});
    if (options.database != 0) {
        steps.push_back({command_of({"SELECT", std::to_string(options.database)}), false});
    }
    steps.push_back({command_of({"PING"}), false});
    return steps;
}

}  // namespace ping::redis
