#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

namespace ping::redis {

/// One command as it goes over the wire. Arguments may hold any bytes.
class Command {
public:
    /// Copies the arguments. The first one is the command's name.
    explicit Command(std::span<const std::string_view> arguments);

    std::string_view bytes() const { return {bytes_.get(), size_}; }

private:
    struct Free {
        void operator()(char* memory) const { std::free(memory); }
    };
    std::unique_ptr<char, Free> bytes_;
    std::size_t size_ = 0;
};

}  // namespace ping::redis
