#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace ping::test {

/// What the process writes to standard error while this lives, log lines included.
class CapturedStderr {
public:
    CapturedStderr() : file_(std::tmpfile()), original_(::dup(STDERR_FILENO)) {
        if (file_ == nullptr || original_ < 0 || ::dup2(::fileno(file_), STDERR_FILENO) < 0) {
            throw std::runtime_error("CapturedStderr: cannot redirect");
        }
    }
    CapturedStderr(const CapturedStderr&) = delete;
    CapturedStderr& operator=(const CapturedStderr&) = delete;
    ~CapturedStderr() {
        restore();
        std::fclose(file_);
    }

    /// Ends the capture; all that was written.
    std::string take() {
        restore();
        std::string text;
        std::rewind(file_);
        char bytes[4096];
        for (std::size_t count = 0; (count = std::fread(bytes, 1, sizeof bytes, file_)) > 0;) {
            text.append(bytes, count);
        }
        return text;
    }

private:
    void restore() {
        if (original_ >= 0) {
            ::dup2(original_, STDERR_FILENO);
            ::close(original_);
            original_ = -1;
        }
    }

    std::FILE* file_;
    int original_;
};

}  // namespace ping::test
