// Images made for tests.
import * as zlib from 'node:zlib';

function pngChunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const chunk = Buffer.alloc(body.length + 8);
    chunk.writeUInt32BE(data.length, 0);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crcOf(body), body.length + 4);
    return chunk;
}

/** zlib.crc32 is younger than the oldest Node.js that the tests run on. */
function crcOf(bytes) {
    if (zlib.crc32) {
        return zlib.crc32(bytes);
    }
    let crc = ~0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit += 1) {
            crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }
    return ~crc >>> 0;
}

/** A grey PNG. With `rows` it says to be taller than it is. */
export function png(width, height, { rows = height, comment } = {}) {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header.set([8, 0, 0, 0, 0], 8);
    return Buffer.concat([
        Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
        pngChunk('IHDR', header),
        ...(comment ? [pngChunk('tEXt', Buffer.from(comment))] : []),
        pngChunk('IDAT', zlib.deflateSync(Buffer.alloc(rows * (width + 1), 0))),
        pngChunk('IEND', Buffer.alloc(0)),
    ]);
}

/** A GIF of one pixel with so many frames. */
export function gif(frames, { comment } = {}) {
    const frame = Buffer.from('2c0000000001000100000202440100', 'hex');
    const note = comment ? [Buffer.from([0x21, 0xfe, comment.length]), Buffer.from(comment), Buffer.from([0])] : [];
    return Buffer.concat([
        Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00', 'latin1'),
        ...note,
        ...Array(frames).fill(frame),
        Buffer.from(';'),
    ]);
}
