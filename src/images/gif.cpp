#include "images/codecs.hpp"

#include <algorithm>
#include <cstring>
#include <gif_lib.h>
#include <memory>

namespace ping::images {
namespace {

int read_bytes(GifFileType* gif, GifByteType* to, int size) {
    auto* const rest = static_cast<std::string_view*>(gif->UserData);
    const auto count = std::min(static_cast<std::size_t>(size), rest->size());
    std::memcpy(to, rest->data(), count);
    rest->remove_prefix(count);
    return static_cast<int>(count);
}

struct CloseGif {
    void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

/// Reads the extensions before the first frame, and its description. False: broken.
bool find_frame(GifFileType& gif, GraphicsControlBlock& control) {
    while (true) {
        GifRecordType type{};
        if (DGifGetRecordType(&gif, &type) == GIF_ERROR || type == TERMINATE_RECORD_TYPE) {
            return false;
        }
        if (type == IMAGE_DESC_RECORD_TYPE) {
            return DGifGetImageDesc(&gif) == GIF_OK;
        }
        int label = 0;
        GifByteType* block = nullptr;
        if (DGifGetExtension(&gif, &label, &block) == GIF_ERROR) {
            return false;
        }
        if (label == GRAPHICS_EXT_FUNC_CODE && block != nullptr) {
            DGifExtensionToGCB(block[0], block + 1, &control);  // of another length: ignored
        }
        while (block != nullptr) {
            if (DGifGetExtensionNext(&gif, &block) == GIF_ERROR) {
                return false;
            }
        }
    }
}

/// The frame's rows on the transparent screen, from the top.
class Screen {
public:
    Screen(const GifFileType& gif, const ColorMapObject& colours, int transparent)
        : frame_(gif.Image),
          colours_(colours),
          transparent_(transparent),
          row_(static_cast<std::size_t>(gif.SWidth) * 4) {}

    const std::uint8_t* row(int y, const GifByteType* indexes) {
        std::ranges::fill(row_, std::uint8_t{0});
        if (y < frame_.Top || y >= frame_.Top + frame_.Height) {
            return row_.data();
        }
        auto* to = row_.data() + static_cast<std::size_t>(frame_.Left) * 4;
        for (int x = 0; x < frame_.Width; ++x, to += 4) {
            const int index = indexes[x];
            if (index != transparent_ && index < colours_.ColorCount) {
                const auto& colour = colours_.Colors[index];
                to[0] = colour.Red;
                to[1] = colour.Green;
                to[2] = colour.Blue;
                to[3] = 0xFF;
            }
        }
        return row_.data();
    }

private:
    const GifImageDesc& frame_;
    const ColorMapObject& colours_;
    int transparent_;
    std::vector<std::uint8_t> row_;
};

/// All rows of the frame as indexes, in the order in which they are shown. Empty: broken.
std::vector<GifByteType> read_indexes(GifFileType& gif) {
    const auto width = static_cast<std::size_t>(gif.Image.Width);
    std::vector<GifByteType> indexes(width * static_cast<std::size_t>(gif.Image.Height));
    const auto read_rows = [&](int first, int step) {
        for (int y = first; y < gif.Image.Height; y += step) {
            if (DGifGetLine(&gif, &indexes[static_cast<std::size_t>(y) * width], gif.Image.Width) ==
                GIF_ERROR) {
                return false;
            }
        }
        return true;
    };
    // GIF89a, appendix E: four passes when interlaced.
    const bool is_read = gif.Image.Interlace
                             ? read_rows(0, 8) && read_rows(4, 8) && read_rows(2, 4) && read_rows(1, 2)
                             : read_rows(0, 1);
    return is_read ? indexes : std::vector<GifByteType>();
}

}  // namespace

Checked<Pixels> shrink_gif(std::string_view file, Size from, Size to) {
    auto rest = file;
    const std::unique_ptr<GifFileType, CloseGif> gif(DGifOpen(&rest, read_bytes, nullptr));
    GraphicsControlBlock control{};
    control.TransparentColor = NO_TRANSPARENT_COLOR;
    if (gif == nullptr || gif->SWidth != from.width || gif->SHeight != from.height ||
        !find_frame(*gif, control)) {
        return Refusal::broken;
    }
    const auto& frame = gif->Image;
    const auto* const colours = frame.ColorMap != nullptr ? frame.ColorMap : gif->SColorMap;
    if (frame.Width < 1 || frame.Height < 1 || frame.Left < 0 || frame.Top < 0 ||
        frame.Left + frame.Width > from.width || frame.Top + frame.Height > from.height ||
        colours == nullptr) {
        return Refusal::broken;
    }
    const auto indexes = read_indexes(*gif);
    if (indexes.empty()) {
        return Refusal::broken;
    }
    Screen screen(*gif, *colours, control.TransparentColor);
    Shrinker shrinker(from, to);
    for (int y = 0; y < from.height; ++y) {
        const int in_frame = std::clamp(y - frame.Top, 0, frame.Height - 1);
        shrinker.add(screen.row(
            y, &indexes[static_cast<std::size_t>(in_frame) * static_cast<std::size_t>(frame.Width)]));
    }
    return shrinker.take();
}

}  // namespace ping::images
