/** What a server of the family takes as it is (API.md §3). Everything else that the browser can show is converted. */
const taken = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
export const mostBytes = 5 * 1024 * 1024;
/** The longer side of what is sent. */
const mostPixels = 2_560;
/** A picture of at most so many bytes is sent as it is. */
const smallBytes = 1.5 * 1024 * 1024;
const qualities = [0.86, 0.72, 0.55];

export interface Prepared {
  blob: Blob;
  width: number;
  height: number;
}
export type Preparation = { ok: true; image: Prepared } | { ok: false; reason: 'unsupported' | 'tooBig' };

/** The size that fits into the bound, with the same shape. */
export function fitted(width: number, height: number, most: number): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function encode(canvas: OffscreenCanvas, quality: number): Promise<Blob> {
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
  // A browser that cannot write WebP gives PNG.
  return blob.type === 'image/webp' ? blob : canvas.convertToBlob({ type: 'image/jpeg', quality });
}

/** Scales and encodes until it is small enough. The browser does both beside the page's own thread. */
async function shrink(source: ImageBitmap): Promise<Prepared | null> {
  for (const [i, quality] of qualities.entries()) {
    const size = fitted(source.width, source.height, mostPixels / (i + 1));
    const canvas = new OffscreenCanvas(size.width, size.height);
    canvas.getContext('2d')?.drawImage(source, 0, 0, size.width, size.height);
    const blob = await encode(canvas, quality);
    if (blob.size <= mostBytes) return { blob, ...size };
  }
  return null;
}

/**
 * Makes of a file what can be sent. Whether it is a picture is found out by decoding, not by its name. A GIF moves, so it
 * is never converted.
 */
export async function prepareImage(file: Blob): Promise<Preparation> {
  const source = await createImageBitmap(file).catch(() => null);
  if (!source) return { ok: false, reason: 'unsupported' };
  const { width, height } = source;
  try {
    const isGif = file.type === 'image/gif';
    const isFine = isGif || (file.size <= smallBytes && Math.max(width, height) <= mostPixels);
    if (taken.has(file.type) && isFine) {
      return file.size <= mostBytes
        ? { ok: true, image: { blob: file, width, height } }
        : { ok: false, reason: 'tooBig' };
    }
    const image = await shrink(source);
    return image ? { ok: true, image } : { ok: false, reason: 'tooBig' };
  } finally {
    source.close();
  }
}
