import { refused } from './client';
import type { Outcome } from './problem';

const path = '/api/v1/message';
/** An upload that moves no byte for so long is given up. */
const stallMs = 30_000;

export interface Upload {
  chatId: string;
  clientId: string;
  text: string;
  image: Blob;
  name: string;
}

export interface UploadWatch {
  /** 0 to 1. At 1 the server works on it. */
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
}

function formOf({ chatId, clientId, text, image, name }: Upload): FormData {
  const form = new FormData();
  form.append('chatId', chatId);
  form.append('clientId', clientId);
  if (text !== '') form.append('text', text);
  form.append('image', image, name);
  return form;
}

function bodyOf(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/**
 * Sends a message with an image; the value is the answer's body. Never throws. By XMLHttpRequest: fetch does not say how
 * much of a body has left.
 */
export function uploadMessage(
  upload: Upload,
  { onProgress, signal }: UploadWatch,
): Promise<Outcome<unknown>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let stall: ReturnType<typeof setTimeout> | undefined;
    const giveUp = () => request.abort();
    const moved = () => {
      clearTimeout(stall);
      stall = setTimeout(giveUp, stallMs);
    };
    const finish = (outcome: Outcome<unknown>) => {
      clearTimeout(stall);
      signal.removeEventListener('abort', giveUp);
      resolve(outcome);
    };
    const fail = () => finish({ ok: false, problem: { kind: 'network' } });
    request.onerror = fail;
    request.onabort = fail;
    request.onload = () => {
      const { status } = request;
      const body = bodyOf(request);
      const header = (name: string) => request.getResponseHeader(name);
      if (status >= 200 && status < 300) finish({ ok: true, value: body });
      else finish({ ok: false, problem: refused(status, header, body) });
    };
    request.upload.onprogress = ({ loaded, total }) => {
      moved();
      if (total > 0) onProgress(loaded / total);
    };
    signal.addEventListener('abort', giveUp);
    request.open('POST', path);
    moved();
    if (signal.aborted) fail();
    else request.send(formOf(upload));
  });
}
