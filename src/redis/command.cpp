#include "ping/redis/command.hpp"

#include <hiredis/hiredis.h>
#include <new>
#include <vector>

namespace ping::redis {

Command::Command(std::span<const std::string_view> arguments) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    texts.reserve(arguments.size());
    sizes.reserve(arguments.size());
    for (const auto argument : arguments) {
        texts.push_back(argument.data());
        sizes.push_back(argument.size());
    }
    char* bytes = nullptr;
    const int size =
        redisFormatCommandArgv(&bytes, static_cast<int>(arguments.size()), texts.data(), sizes.data());
    if (size < 0) {
        throw std::bad_alloc();
    }
    bytes_.reset(bytes);
    size_ = static_cast<std::size_t>(size);
}

}  // namespace ping::redis
