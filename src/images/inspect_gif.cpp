#include "images/bytes.hpp"
#include "images/inspect.hpp"

// GIF89a: a screen, then blocks. Kept are the frames, each with the extension that times it, and the
// extension that makes the animation loop; comments, plain texts and other programs' extensions are not.
namespace ping::images {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t screen_bytes = 13;
constexpr std::size_t descriptor_bytes = 10;
constexpr char extension = 0x21;
constexpr char image = 0x2C;
constexpr char trailer = 0x3B;
constexpr std::uint32_t graphic_control = 0xF9;
constexpr std::uint32_t application = 0xFF;
constexpr std::string_view looping = "\x0BNETSCAPE2.0"sv;

/// The bytes of a colour table whose flags these are.
std::size_t table_bytes(std::uint32_t flags) {
    return (flags & 0x80U) != 0 ? 3U << ((flags & 7U) + 1) : 0;
}

class Walk {
public:
    explicit Walk(std::string_view bytes) : bytes_(bytes) {}

    Checked<Inspected> run() {
        if (bytes_.size() < screen_bytes) {
            return Refusal::broken;
        }
        inspected_.width = static_cast<int>(little16(bytes_, 6));
        inspected_.height = static_cast<int>(little16(bytes_, 8));
        at_ = screen_bytes + table_bytes(byte_at(bytes_, 10));
        if (at_ > bytes_.size()) {
            return Refusal::broken;
        }
        inspected_.clean = bytes_.substr(0, at_);
        while (frames_ < frames_at_most && at_ < bytes_.size() && bytes_[at_] != trailer) {
            if (!take_block()) {
                return Refusal::broken;
            }
        }
        if (frames_ == 0) {
            return Refusal::broken;
        }
        inspected_.clean += trailer;
        return std::move(inspected_);
    }

private:
    bool take_block() {
        switch (bytes_[at_]) {
            case extension:
                return take_extension();
            case image:
                return take_frame();
            default:
                return false;
        }
    }

    // Blocks of at most 255 bytes, up to an empty one.
    bool skip_data() {
        while (at_ < bytes_.size()) {
            const auto size = byte_at(bytes_, at_);
            at_ += 1 + size;
            if (size == 0) {
                return true;
            }
        }
        return false;
    }

    bool take_extension() {
        const auto start = at_;
        if (bytes_.size() - at_ < 2) {
            return false;
        }
        const auto label = byte_at(bytes_, at_ + 1);
        at_ += 2;
        const bool loops = label == application && bytes_.substr(at_).starts_with(looping);
        if (!skip_data()) {
            return false;
        }
        const auto block = bytes_.substr(start, at_ - start);
        if (label == graphic_control) {
            timing_ = block;
        } else if (loops && frames_ == 0) {
            inspected_.clean += block;
        }
        return true;
    }

    bool take_frame() {
        const auto start = at_;
        if (bytes_.size() - at_ < descriptor_bytes) {
            return false;
        }
        const auto right = little16(bytes_, at_ + 1) + little16(bytes_, at_ + 5);
        const auto bottom = little16(bytes_, at_ + 3) + little16(bytes_, at_ + 7);
        if (right > static_cast<std::uint32_t>(inspected_.width) ||
            bottom > static_cast<std::uint32_t>(inspected_.height)) {
            return false;
        }
        at_ += descriptor_bytes + table_bytes(byte_at(bytes_, at_ + 9)) + 1;  // and the size of its codes
        if (!skip_data()) {
            return false;
        }
        inspected_.clean += timing_;
        inspected_.clean += bytes_.substr(start, at_ - start);
        timing_ = {};
        ++frames_;
        return true;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::string_view timing_;  // of the frame that comes next
    int frames_ = 0;
    Inspected inspected_;
};

}  // namespace

Checked<Inspected> inspect_gif(std::string_view bytes) {
    return Walk(bytes).run();
}

}  // namespace ping::images
