#include "ping/sqlite/database.hpp"

#include "sqlite/delivery.hpp"
#include "sqlite/errors.hpp"
#include "sqlite/open.hpp"
#include "sqlite/readers.hpp"
#include "sqlite/writer.hpp"

#include <vector>

namespace ping::sqlite {

class Database::Impl {
public:
    Impl(Loop& loop, const DatabaseOptions& options, std::unique_ptr<Connection> writing,
         std::vector<std::unique_ptr<Connection>> reading, Metrics& metrics)
        : loop_(loop),
          writer_(loop, std::move(writing), options.write_queue, metrics),
          readers_(loop, std::move(reading), options.read_queue) {
        metrics.gauge("ping_db_write_queue", "Writes that are not committed yet.",
                      [depth = writer_.depth()] { return static_cast<double>(depth->load()); });
        metrics.gauge("ping_db_read_queue", "Reads that wait for a thread.",
                      [depth = readers_.depth()] { return static_cast<double>(depth->load()); });
    }

    void submit_read(std::unique_ptr<Work> work) { readers_.submit(std::move(work)); }

    void submit_write(std::unique_ptr<Work> work) {
        if (writer_.reserve()) {
            turn_.push_back(std::move(work));
        } else {
            refuse(std::move(work));
        }
    }

    void submit_write_from_worker(std::unique_ptr<Work> work) {
        if (!writer_.reserve()) {
            refuse(std::move(work));
            return;
        }
        Works works;
        works.push_back(std::move(work));
        writer_.submit(std::move(works));
    }

    void hand_over_turn() {
        if (!turn_.empty()) {
            writer_.submit(std::exchange(turn_, {}));
        }
    }

    void interrupt_reads() { readers_.interrupt(); }

    void close() {
        hand_over_turn();
        writer_.close();
        readers_.close();
    }

private:
    void refuse(std::unique_ptr<Work> work) {
        work->fail(errors::unavailable("The database is busy"));
        Works works;
        works.push_back(std::move(work));
        deliver(loop_, std::move(works));
    }

    Loop& loop_;
    Writer writer_;
    Readers readers_;
    Works turn_;  ///< this turn's writes; loop thread
};

Result<std::unique_ptr<Database>> Database::open(Loop& loop, DatabaseOptions options,
                                                 std::span<const Migration> migrations, Metrics& metrics) {
    try {
        auto writing = open_connection(options.file, Access::read_write);
        if (const auto migrated = migrate(*writing, migrations, loop.clock().now()); !migrated) {
            return migrated.error();
        }
        std::vector<std::unique_ptr<Connection>> reading;
        reading.reserve(static_cast<std::size_t>(options.readers));
        for (int i = 0; i < options.readers; ++i) {
            reading.push_back(open_connection(options.file, Access::read_only));
        }
        auto impl = std::make_shared<Impl>(loop, options, std::move(writing), std::move(reading), metrics);
        // The loop keeps its hooks for good; the database may end before it.
        loop.at_turn_end([weak = std::weak_ptr(impl)] {
            if (const auto alive = weak.lock()) {
                alive->hand_over_turn();
            }
        });
        return std::unique_ptr<Database>(new Database(std::move(impl)));
    } catch (const SqliteFailure& failure) {
        return to_error(failure);
    }
}

Database::Database(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Database::~Database() {
    close();
}

Task<Result<void>> Database::quick_check() {
    return read<void>([](Connection& connection) -> Result<void> {
        auto check = connection.prepare("PRAGMA quick_check(1)");
        if (check.step() && check.text(0) != "ok") {
            return errors::internal("quick_check: " + check.text(0));
        }
        return ok();
    });
}

void Database::submit(Lane lane, std::unique_ptr<Work> work) {
    if (lane == Lane::write) {
        impl_->submit_write(std::move(work));
    } else {
        impl_->submit_read(std::move(work));
    }
}

void Database::submit_write_from_worker(std::unique_ptr<Work> work) {
    impl_->submit_write_from_worker(std::move(work));
}

void Database::interrupt_reads() {
    impl_->interrupt_reads();
}

void Database::close() {
    impl_->close();
}

}  // namespace ping::sqlite
