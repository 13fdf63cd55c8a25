// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/api/types';
import { fitted } from '../../src/features/composer/prepare_image';
import { photoBox } from '../../src/features/conversation/photo_box';
import { picturesOf } from '../../src/features/conversation/pictures';
import { daysOf } from '../../src/features/conversation/rows';
import { codeOf } from '../../src/features/mailbox/code';
import { moveBy, pinch, zoomAt } from '../../src/features/viewer/use_zoom';
import { fileSize } from '../../src/i18n/format';
import { keepLocal, localAddress } from '../../src/store/local_images';

describe('the room of a picture', () => {
  test('keeps its shape within the bounds', () => {
    expect(photoBox(3000, 2000)).toEqual({ width: 352, ratio: 1.5 });
    expect(photoBox(1000, 1600)).toEqual({ width: 260, ratio: 0.625 });
  });

  test('a very long, a very tall and a tiny one get a shape that can be seen', () => {
    expect(photoBox(4000, 100)).toEqual({ width: 352, ratio: 2.4 });
    expect(photoBox(100, 4000).ratio).toBe(0.55);
    expect(photoBox(16, 16)).toEqual({ width: 176, ratio: 1 });
    expect(photoBox(0, 0).ratio).toBeGreaterThan(0);
  });
});

test('what is sent is at most 2560 pixels long, and never enlarged', () => {
  expect(fitted(5120, 2560, 2560)).toEqual({ width: 2560, height: 1280 });
  expect(fitted(100, 80, 2560)).toEqual({ width: 100, height: 80 });
  expect(fitted(10_000, 1, 2560)).toEqual({ width: 2560, height: 1 });
});

describe('zoom', () => {
  const whole = { scale: 1, x: 0, y: 0 };

  test('keeps the point under the pointer where it is', () => {
    const view = zoomAt(whole, 2, 100, 50);
    expect(view.scale).toBe(2);
    // The point of the picture that was at (100, 50) is there still: position = offset + scale * point.
    expect(view.x + 2 * 100).toBe(100);
    expect(view.y + 2 * 50).toBe(50);
  });

  test('goes from the whole picture to eight times, and back to its middle', () => {
    expect(zoomAt(whole, 100, 0, 0).scale).toBe(8);
    expect(zoomAt({ scale: 2, x: 80, y: 10 }, 0.1, 0, 0)).toEqual(whole);
  });

  test('a picture cannot be dragged off the stage', () => {
    const stage = { width: 800, height: 600 };
    const twice = { scale: 2, x: 0, y: 0 };
    expect(moveBy(twice, 5000, -5000, stage, stage)).toEqual({ scale: 2, x: 400, y: -300 });
    expect(moveBy(whole, 50, 50, stage, stage)).toEqual(whole);
    // A tall one has nothing more to show at its sides.
    const tall = { width: 300, height: 600 };
    expect(moveBy(twice, 5000, -5000, tall, stage)).toEqual({ scale: 2, x: 0, y: -300 });
  });

  test('what is below two fingers stays below them', () => {
    const start = { scale: 1.5, x: 10, y: 5 };
    const [a, b] = [
      { x: -50, y: 20 },
      { x: 50, y: 20 },
    ];
    const [a2, b2] = [
      { x: -20, y: 20 },
      { x: 140, y: 20 },
    ];
    const view = pinch(pinch(start, a, a2, b), b, b2, a2);
    const under = (point: { x: number; y: number }, at: typeof view) => (point.x - at.x) / at.scale;
    expect(view.scale).toBeCloseTo(1.5 * 1.6);
    expect(under(a2, view)).toBeCloseTo(under(a, start));
    expect(under(b2, view)).toBeCloseTo(under(b, start));
  });
});

test('the viewer goes through the messages that have a picture, each with its name', () => {
  const at = '2026-11-21T10:00:00.000Z';
  const common = {
    chatId: 'c',
    messageType: 'image',
    seen: false,
    createdAt: at,
    updatedAt: at,
    __v: 0,
  } as const;
  const image = { url: '/u', thumbUrl: '/t', publicId: 'p', width: 3, height: 2 };
  const messages: Message[] = [
    { ...common, _id: '1', seq: 1, sender: 'bo', image },
    { ...common, _id: '2', seq: 2, sender: 'bo', messageType: 'text', text: 'no picture' },
    { ...common, _id: '3', seq: 3, sender: 'me', text: 'mine', clientId: 'local-1', image },
  ];
  keepLocal('local-1', 'blob:here');
  const rows = daysOf(messages, [], 'me', null).flatMap((day) => day.rows);
  const pictures = picturesOf(rows, (row) => (row.isMine ? 'You' : 'Bo'));
  expect(pictures.map((one) => [one.key, one.url, one.thumbUrl])).toEqual([
    ['1', '/u', '/t'],
    ['local-1', '/u', 'blob:here'],
  ]);
  expect(pictures[1]?.caption).toBe('mine');
});

test('addresses of own pictures are bounded: the oldest goes first', () => {
  for (let i = 0; i < 100; i++) keepLocal(`many-${i}`, `blob:${i}`);
  expect(localAddress('many-99')).toBe('blob:99');
  expect(localAddress('many-0')).toBeUndefined();
});

test('sizes of files in words', () => {
  expect(fileSize(84_200)).toBe('84 kB');
  expect(fileSize(2_400_000)).toBe('2.4 MB');
});

test('the code of a mail is at the start of its subject', () => {
  expect(codeOf({ subject: '012345 is your Ping code' })).toBe('012345');
  expect(codeOf({ subject: 'Your order 123456' })).toBeNull();
});
