#include "media/files.hpp"

#include "ping/crypto/sha256.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ping::media {
namespace {

constexpr std::size_t piece = 64UL * 1024;
constexpr std::int64_t block = 4096;

Error cannot_read() {
    return errors::internal("draft: " + std::generic_category().message(errno));
}

}  // namespace

Result<std::string> digest_of(int file) {
    crypto::Sha256 hash;
    std::string bytes(piece, '\0');
    off_t at = 0;
    while (true) {
        const auto count = ::pread(file, bytes.data(), bytes.size(), at);
        if (count < 0) {
            return cannot_read();
        }
        if (count == 0) {
            const auto digest = hash.finish();
            return std::string(digest.begin(), digest.end());
        }
        hash.add(std::string_view(bytes).substr(0, static_cast<std::size_t>(count)));
        at += count;
    }
}

Result<std::int64_t> size_on_disk(int file) {
    struct stat status{};
    if (::fstat(file, &status) != 0) {
        return cannot_read();
    }
    return (status.st_size + block - 1) / block * block;
}

}  // namespace ping::media
