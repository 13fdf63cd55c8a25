#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ping::test {

/// An empty folder that is gone with this object.
class TempFolder {
public:
    TempFolder() : path_((std::filesystem::temp_directory_path() / "pingd-test-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) {
            throw std::runtime_error("cannot make a folder in " + path_);
        }
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// A file with the given text in a folder of its own.
class TempFile {
public:
    TempFile(std::string_view name, std::string_view text) : path_(folder_.path() + "/" + std::string(name)) {
        std::ofstream(path_) << text;
    }
    const std::string& path() const { return path_; }

private:
    TempFolder folder_;
    std::string path_;
};

}  // namespace ping::test
