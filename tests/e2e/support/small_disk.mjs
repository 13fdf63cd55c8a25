// A disk of a few MiB: a tmpfs in a mount namespace of its own, which lives as long as a helper process does.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What to put after `unshare` and `nsenter`. Root needs no user namespace; a container may refuse both. */
function namespaceFlags() {
    const complaints = [];
    for (const [unshare, nsenter] of [
        [['--mount'], ['--mount']],
        [['--user', '--map-root-user', '--mount'], ['--user', '--mount', '--preserve-credentials']],
    ]) {
        const tried = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'none', '/mnt'], { encoding: 'utf8' });
        if (tried.status === 0) {
            return { unshare, nsenter };
        }
        complaints.push(tried.stderr?.trim() || String(tried.error));
    }
    throw new Error(
        'this test needs a mount namespace: root (in a container: CAP_SYS_ADMIN) or unprivileged user namespaces. ' +
            `Where neither can be had, say why in PINGD_E2E_NO_NAMESPACES. unshare said: ${complaints.join(' / ')}`,
    );
}

/**
 * The disk for the test `t`. `path` is where processes begun with `launcher` find it, `outside` where everybody
 * else does. `fill` leaves no free block, `free` undoes that.
 */
export async function startSmallDisk(t, megabytes) {
    const flags = namespaceFlags();
    const path = await mkdtemp(join(tmpdir(), 'pingd-disk-'));
    const script = 'mount -t tmpfs -o size="$1"m none "$2" && echo mounted && exec cat';
    const holder = spawn('unshare', [...flags.unshare, 'sh', '-c', script, 'sh', String(megabytes), path]);
    t.after(async () => {
        holder.stdin.end(); // cat ends, then the namespace with its last process
        await rmdir(path);
    });
    let complaint = '';
    holder.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
    const mounted = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit').then(() => null)]);
    if (!mounted) {
        throw new Error(`the small disk was not made: ${complaint}`);
    }
    const outside = `/proc/${holder.pid}/root${path}`;
    await mkdir(join(outside, 'data'));
    return {
        path,
        outside,
        launcher: ['nsenter', '--target', String(holder.pid), ...flags.nsenter],
        fill: () => fillUp(join(outside, 'filler')),
        free: () => rm(join(outside, 'filler')),
    };
}

async function fillUp(path) {
    const file = await open(path, 'w');
    try {
        for (let bytes = Buffer.alloc(64 * 1024); bytes.length >= 512; ) {
            try {
                await file.write(bytes);
            } catch (error) {
                if (error.code !== 'ENOSPC') {
                    throw error;
                }
                bytes = bytes.subarray(0, bytes.length / 2);
            }
        }
    } finally {
        await file.close();
    }
}
