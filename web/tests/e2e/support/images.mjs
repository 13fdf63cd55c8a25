// Pictures for the browser tests, made by the browser itself.

/** The bytes of a picture with some noise, so that it does not become tiny. */
export async function makeImage(page, width, height, { type = 'image/png', noise = 0 } = {}) {
  const base64 = await page.evaluate(
    async ({ width, height, type, noise }) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      const shade = context.createLinearGradient(0, 0, width, height);
      shade.addColorStop(0, '#4facfe');
      shade.addColorStop(1, '#00c48c');
      context.fillStyle = shade;
      context.fillRect(0, 0, width, height);
      for (let i = 0; i < noise; i++) {
        context.fillStyle = `hsl(${(i * 137) % 360} 80% 50%)`;
        context.fillRect((i * 7919) % width, (i * 104729) % height, 3, 3);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    { width, height, type, noise },
  );
  return Buffer.from(base64, 'base64');
}

/** As the person who picks files. */
export async function pick(page, ...files) {
  const chosen = files.map(({ name, buffer, mimeType = 'image/png' }) => ({ name, mimeType, buffer }));
  await page.locator('input[type="file"]').setInputFiles(chosen);
}

/** As who pastes or drops a picture, on the message box. */
export async function give(page, how, name, buffer, mimeType = 'image/png') {
  await page.evaluate(
    ({ how, name, base64, mimeType }) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type: mimeType }));
      const target = document.querySelector('textarea');
      const common = { bubbles: true, cancelable: true };
      if (how === 'paste')
        target.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: data }));
      for (const kind of how === 'drop' ? ['dragenter', 'dragover', 'drop'] : []) {
        target.dispatchEvent(new DragEvent(kind, { ...common, dataTransfer: data }));
      }
    },
    { how, name, base64: buffer.toString('base64'), mimeType },
  );
}

/** A message with a picture, by REST alone. */
export async function sendPhoto(server, person, chatId, buffer) {
  const form = new FormData();
  form.append('chatId', chatId);
  form.append('image', new Blob([buffer], { type: 'image/png' }), 'photo.png');
  const headers = { authorization: `Bearer ${person.token}` };
  return fetch(`${server.url}/api/v1/message`, { method: 'POST', headers, body: form });
}

/** Waits until `count` pictures are ready to be sent. */
export async function ready(page, count) {
  await page
    .locator('[data-attachment="ready"]')
    .nth(count - 1)
    .waitFor();
}
