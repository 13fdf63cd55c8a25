// Looks into the database file of a server that has ended. (Node 20 has no SQLite of its own; python3 has.)
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const script = `
import json, sqlite3, sys
with sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True) as database:
    print(json.dumps(database.execute(sys.argv[2]).fetchall()))
`;

/** The rows of `sql`, each an array. */
export function query(server, sql) {
    const file = join(server.dataFolder, 'ping.db');
    const run = spawnSync('python3', ['-c', script, file, sql], { encoding: 'utf8' });
    if (run.status !== 0) {
        throw new Error(`${sql}: ${run.stderr}`);
    }
    return JSON.parse(run.stdout);
}

/** The first value of the first row. */
export function value(server, sql) {
    return query(server, sql)[0][0];
}
