#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// Whom the server knows before a load begins, as whoever filled its store wrote it down.
struct Population {
    struct Account {
        std::string id;
        std::string token;
    };
    struct Chat {
        std::string id;
        long last_seq = 0;
    };
    std::vector<Account> accounts;
    std::vector<Chat> chats;
};

/// Lines of `user ID TOKEN` and `chat ID LAST_SEQ`. Throws std::runtime_error.
Population load_population(const std::filesystem::path& file);

}  // namespace bench
