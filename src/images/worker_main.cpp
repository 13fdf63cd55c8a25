#include "images/answer.hpp"
#include "images/codecs.hpp"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ping::images {
namespace {

constexpr int file_in = 0;
constexpr int answer_out = 1;
constexpr int picture_out = 3;
constexpr int thumbnail_out = 4;

constexpr int thumbnail_side = 480;
constexpr float thumbnail_quality = 75;
constexpr float turned_quality = 90;

constexpr rlim_t cpu_seconds = 2;
constexpr rlim_t memory = 256UL * 1024 * 1024;  // beyond what the program itself takes
constexpr rlim_t largest_output = 64UL * 1024 * 1024;
constexpr rlim_t files = 16;

bool limit(decltype(RLIMIT_CPU) what, rlim_t value) {
    const rlimit bounds{value, value};
    return ::setrlimit(what, &bounds) == 0;
}

/// The address space of the program and its libraries.
rlim_t own_memory() {
    std::ifstream statistics("/proc/self/statm");
    rlim_t pages = 0;
    statistics >> pages;
    return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

#if defined(PINGD_ASAN) || defined(__SANITIZE_THREAD__)
constexpr bool is_bounded = false;  // the sanitizers need more memory than any bound
#else
constexpr bool is_bounded = true;
#endif

/// No time, no memory, no new files or processes beyond these.
bool shut_in() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const bool has_bounds =
        !is_bounded || (limit(RLIMIT_CPU, cpu_seconds) && limit(RLIMIT_AS, own_memory() + memory) &&
                        limit(RLIMIT_FSIZE, largest_output) && limit(RLIMIT_NOFILE, files));
    return has_bounds && limit(RLIMIT_CORE, 0);
}

/// A file in memory, as it is.
class Mapping {
public:
    explicit Mapping(int file) {
        struct stat status{};
        if (::fstat(file, &status) == 0 && status.st_size > 0) {
            size_ = static_cast<std::size_t>(status.st_size);
            start_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
        }
    }
    ~Mapping() {
        if (start_ != MAP_FAILED) {
            ::munmap(start_, size_);
        }
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    std::string_view bytes() const {
        return start_ == MAP_FAILED ? std::string_view()
                                    : std::string_view(static_cast<const char*>(start_), size_);
    }

private:
    void* start_ = MAP_FAILED;
    std::size_t size_ = 0;
};

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Checked<Pixels> shrink(const Inspected& inspected, std::string_view file, Size to) {
    const Size from{inspected.width, inspected.height};
    switch (inspected.format) {
        case Format::jpeg:
            return shrink_jpeg(file, from, to);
        case Format::png:
            return shrink_png(inspected.clean, from, to);
        case Format::gif:
            return shrink_gif(inspected.clean, from, to);
        case Format::webp:
            break;
    }
    return shrink_webp(inspected.clean, from, to);
}

Checked<std::string> make_picture(const Inspected& inspected, std::string_view file) {
    if (inspected.format == Format::jpeg) {
        return clean_jpeg(file, inspected);
    }
    if (inspected.orientation == 1) {
        return inspected.clean;
    }
    auto pixels = decode_webp(inspected.clean, {inspected.width, inspected.height});
    return pixels ? encode_webp(upright(std::move(*pixels), inspected.orientation), turned_quality)
                  : Checked<std::string>(pixels.error());
}

Checked<std::string> make_thumbnail(const Inspected& inspected, std::string_view file) {
    auto pixels = shrink(inspected, file, fit({inspected.width, inspected.height}, thumbnail_side));
    return pixels ? encode_webp(upright(std::move(*pixels), inspected.orientation), thumbnail_quality)
                  : Checked<std::string>(pixels.error());
}

Checked<Picture> process(std::string_view file) {
    const auto inspected = inspect(file);
    if (!inspected) {
        return inspected.error();
    }
    // First the thumbnail: it decodes the picture, and finds what is broken in it.
    const auto thumbnail = make_thumbnail(*inspected, file);
    if (!thumbnail) {
        return thumbnail.error();
    }
    const auto picture = make_picture(*inspected, file);
    if (!picture) {
        return picture.error();
    }
    if (!write_all(picture_out, *picture) || !write_all(thumbnail_out, *thumbnail)) {
        return Refusal::too_complex;
    }
    const bool is_turned = inspected->orientation >= 5;
    return Picture{inspected->format, is_turned ? inspected->height : inspected->width,
                   is_turned ? inspected->width : inspected->height};
}

}  // namespace

int image_worker_main() {
    if (!shut_in()) {
        std::perror("pingd image-worker: cannot limit itself");
        return 1;
    }
    const Mapping file(file_in);
    std::string answer;
    try {
        answer = write_answer(process(file.bytes()));
    } catch (const std::bad_alloc&) {
        answer = write_answer(Refusal::too_complex);
    }
    return write_all(answer_out, answer) ? 0 : 1;
}

}  // namespace ping::images
