#include "population.hpp"

#include <fstream>
#include <stdexcept>

namespace bench {

Population load_population(const std::filesystem::path& file) {
    std::ifstream lines(file);
    Population population;
    for (std::string kind; lines >> kind;) {
        if (kind == "user") {
            auto& account = population.accounts.emplace_back();
            lines >> account.id >> account.token;
        } else if (kind == "chat") {
            auto& chat = population.chats.emplace_back();
            lines >> chat.id >> chat.last_seq;
        }
        if (!lines) {
            break;
        }
    }
    if (!lines.eof() || population.accounts.empty()) {
        throw std::runtime_error("cannot read the population in " + file.string());
    }
    return population;
}

}  // namespace bench
