#include "ping/crypto/secrets.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ping::crypto {
namespace {

class File {
public:
    File(const std::string& path, int flags, mode_t mode = 0)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~File() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool is_open() const { return descriptor_ >= 0; }
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

Error failure(std::string_view what, const std::string& path) {
    const auto why = std::system_category().message(errno);
    return errors::internal(fmt::format("cannot {} {}: {}", what, path, why));
}

Result<std::string> read_secret(const File& file, const std::string& path) {
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) {
        return failure("read", path);
    }
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return errors::internal(fmt::format("{} is open to other users: run chmod 600 {}", path, path));
    }
    std::array<char, 1024> buffer{};
    const auto bytes = ::read(file.get(), buffer.data(), buffer.size());
    if (bytes < 0) {
        return failure("read", path);
    }
    std::string_view secret(buffer.data(), static_cast<std::size_t>(bytes));
    secret = secret.substr(0, secret.find_first_of("\r\n"));
    if (const auto weakness = secret_weakness(secret)) {
        return errors::internal(fmt::format("the secret in {} is {}", path, *weakness));
    }
    return std::string(secret);
}

/// A crash at any point leaves the old state or the whole file, never a part of it.
Result<void> write_durably(const std::string& folder, const std::string& path, const std::string& text) {
    const auto draft = path + ".new";
    ::unlink(draft.c_str());
    {
        const File file(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, S_IRUSR | S_IWUSR);
        if (!file.is_open()) {
            return failure("create", draft);
        }
        const auto written = ::write(file.get(), text.data(), text.size());
        if (written != static_cast<ssize_t>(text.size()) || ::fsync(file.get()) != 0) {
            return failure("write", draft);
        }
    }
    if (::rename(draft.c_str(), path.c_str()) != 0) {
        return failure("rename", draft);
    }
    const File directory(folder, O_RDONLY | O_DIRECTORY);
    if (!directory.is_open() || ::fsync(directory.get()) != 0) {
        return failure("sync", folder);
    }
    return ok();
}

}  // namespace

Result<std::string> load_or_make_secret(const Config& config, Rng& rng) {
    if (!config.auth.secret.empty()) {
        return config.auth.secret;
    }
    const auto path = config.data.dir + "/secret";
    const File file(path, O_RDONLY | O_NOFOLLOW);
    if (file.is_open()) {
        return read_secret(file, path);
    }
    if (errno != ENOENT) {
        return failure("open", path);
    }
    auto secret = random_hex(rng, 32);
    const auto written = write_durably(config.data.dir, path, secret + "\n");
    if (!written) {
        return written.error();
    }
    return secret;
}

}  // namespace ping::crypto
