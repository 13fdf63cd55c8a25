#pragma once

#include "ping/core/error.hpp"
#include "ping/images/format.hpp"

#include <chrono>
#include <string>

namespace ping::images {

/// What has become of an uploaded image.
struct Picture {
    Format format = Format::jpeg;
    int width = 0;  ///< as it is shown
    int height = 0;
};

/// Images are read by a child process, `pingd image-worker`, that has nothing but four descriptors and little
/// time and memory: a decoder that is broken into, or that takes its fill, is not the server (TRUST.md T44).
/// One process per image.
struct WorkerOptions {
    std::string program = "/proc/self/exe";
    std::chrono::milliseconds deadline{10'000};  ///< of real time
};

/// Descriptors of the caller's; `file` is read from its beginning, the others are empty files.
struct WorkerFiles {
    int file = -1;
    int picture = -1;    ///< gets the image without metadata, upright
    int thumbnail = -1;  ///< gets a WebP of at most 480 pixels a side
};

/// Starts a worker and waits for it. unsupported_media for what is no image, unprocessable for one that is
/// refused; unavailable when the machine is too slow or has no process to give. Blocks; any thread.
Result<Picture> run_worker(const WorkerOptions& options, const WorkerFiles& files);

/// The child's main: descriptors 0 (the file), 1 (the answer, one line), 3 and 4 (what it makes). Returns the
/// exit code.
int image_worker_main();

}  // namespace ping::images
