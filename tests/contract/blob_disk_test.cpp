#include "contract/adapters.hpp"
#include "ping/blobs/disk/blob_store.hpp"
#include "support/catch_result.hpp"
#include "support/run_all.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace ping::test {
namespace {

namespace fs = std::filesystem;

const std::string blob_name = "00112233445566778899aabbccddeeff";

class DiskBlobFixture final : public BlobFixture {
public:
    explicit DiskBlobFixture(int free_percent = 0) : free_percent_(free_percent) { open(); }
    blobs::BlobStore& blobs() override { return *store_; }
    void crash() override {
        // Drafts that are still held clean up after themselves in vain: another store has their folder.
        store_.reset();
        open();
    }
    fs::path folder() const { return temp_.path() / "data" / "blobs"; }

private:
    void open() {
        auto opened = blobs::DiskBlobStore::open(pool_, {folder(), free_percent_});
        if (!opened) {
            throw std::runtime_error(opened.error().detail);
        }
        store_ = std::move(*opened);
    }

    TempDir temp_;
    int free_percent_;
    WorkerPool pool_{loop, 1, 16};
    std::unique_ptr<blobs::DiskBlobStore> store_;
};

const Registered<BlobFixture> blob_store("disk", [] { return std::make_unique<DiskBlobFixture>(); });

void put(DiskBlobFixture& fixture, const std::string& name) {
    const auto draft = run(fixture.loop, [&] { return fixture.blobs().begin(); });
    REQUIRE(draft);
    REQUIRE(run(fixture.loop, [&] { return (*draft)->append("secret"); }));
    REQUIRE(run(fixture.loop, [&] { return fixture.blobs().keep(*draft, name); }));
}

}  // namespace

TEST_CASE("blobs on disk: files and folders are the owner's alone", "[blobs]") {
    DiskBlobFixture fixture;
    put(fixture, blob_name);
    constexpr auto others = fs::perms::group_all | fs::perms::others_all;
    for (const auto& path :
         {fixture.folder(), fixture.folder() / "00", fixture.folder() / "00" / blob_name}) {
        CHECK((fs::status(path).permissions() & others) == fs::perms::none);
    }
}

TEST_CASE("T46: blobs on disk follow no symbolic link", "[blobs]") {
    DiskBlobFixture fixture;
    const auto outside = fixture.folder().parent_path() / "outside";
    fs::create_directory(outside);
    std::ofstream(outside / blob_name) << "not a blob";

    SECTION("of a folder") {
        fs::create_directory_symlink(outside, fixture.folder() / "00");
        const auto draft = run(fixture.loop, [&] { return fixture.blobs().begin(); });
        REQUIRE(draft);
        CHECK_FALSE(run(fixture.loop, [&] { return fixture.blobs().keep(*draft, blob_name + ".thumb"); }));
    }
    SECTION("of a file") {
        fs::create_directory(fixture.folder() / "00");
        fs::create_symlink(outside / blob_name, fixture.folder() / "00" / blob_name);
    }
    CHECK_FALSE(run(fixture.loop, [&] { return fixture.blobs().open(blob_name); }));
    CHECK(std::distance(fs::directory_iterator(outside), {}) == 1);
}

TEST_CASE("blobs on disk: an image is refused where too little of the disk is free", "[blobs]") {
    DiskBlobFixture fixture(100);
    const auto draft = run(fixture.loop, [&] { return fixture.blobs().begin(); });
    REQUIRE_FALSE(draft);
    CHECK(draft.error().code == ErrorCode::storage_full);
}

}  // namespace ping::test
