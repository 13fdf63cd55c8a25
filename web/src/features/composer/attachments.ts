import { useStore as useZustand } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ChatId } from '../../api/types';
import { store } from '../../store';
import type { Preparation } from './prepare_image';

/** In one chat before sending. */
export const mostAttachments = 10;

export type Refusal = 'unsupported' | 'tooBig' | 'tooMany';

/** A picture beside the text that is being written. Its address is made once, and revoked when it is taken away. */
export interface Attachment {
  id: number;
  name: string;
  address: string;
  /** Null while it is decoded. */
  ready: { blob: Blob; width: number; height: number } | null;
}

interface Draft {
  attachments: Attachment[];
  refused: { name: string; reason: Refusal } | null;
}

const nothing: Draft = { attachments: [], refused: null };
const drafts = createStore<Record<ChatId, Draft>>()(() => ({}));
let lastId = 0;

/** Pictures are kept nowhere else: with whoever picked them they go. */
store.subscribe(({ session }, { session: before }) => {
  if (session.me?._id === before.me?._id) return;
  for (const { attachments } of Object.values(drafts.getState()))
    for (const { address } of attachments) URL.revokeObjectURL(address);
  drafts.setState({}, true);
});

export function useAttachments(chatId: ChatId): Draft {
  return useZustand(drafts, (all) => all[chatId] ?? nothing);
}

function draftOf(chatId: ChatId): Draft {
  return drafts.getState()[chatId] ?? nothing;
}

function put(chatId: ChatId, changed: Partial<Draft>): void {
  drafts.setState((all) => ({ ...all, [chatId]: { ...(all[chatId] ?? nothing), ...changed } }));
}

/** The pictures among what was picked, pasted or dropped. */
export function imagesIn(files: Iterable<File>): File[] {
  return [...files].filter((file) => file.type.startsWith('image/') || /\.hei[cf]$/i.test(file.name));
}

/** Adds files, as many as there is room for; says so when one cannot be sent. */
export async function attach(chatId: ChatId, files: File[]): Promise<void> {
  const room = mostAttachments - draftOf(chatId).attachments.length;
  const [added, over] = [files.slice(0, room), files[room]];
  put(chatId, { refused: over ? { name: over.name, reason: 'tooMany' } : null });
  await Promise.all(added.map((file) => attachOne(chatId, file)));
}

/** Says of a file that it is no picture. */
export function refuse(chatId: ChatId, name: string): void {
  put(chatId, { refused: { name, reason: 'unsupported' } });
}

async function attachOne(chatId: ChatId, file: File): Promise<void> {
  const id = ++lastId;
  const address = URL.createObjectURL(file);
  const attachment: Attachment = { id, name: file.name, address, ready: null };
  put(chatId, { attachments: [...draftOf(chatId).attachments, attachment] });
  settle(chatId, attachment, await prepared(file));
}

/** The code that does it is loaded with the first picture. */
async function prepared(file: File): Promise<Preparation> {
  try {
    return await (await import('./prepare_image')).prepareImage(file);
  } catch {
    return { ok: false, reason: 'unsupported' };
  }
}

function settle(chatId: ChatId, { id, name }: Attachment, prepared: Preparation): void {
  const { attachments } = draftOf(chatId);
  if (!attachments.some((one) => one.id === id)) return; // taken away meanwhile
  if (!prepared.ok) {
    detach(chatId, id);
    put(chatId, { refused: { name, reason: prepared.reason } });
    return;
  }
  put(chatId, {
    attachments: attachments.map((one) => (one.id === id ? { ...one, ready: prepared.image } : one)),
  });
}

export function detach(chatId: ChatId, id: number): void {
  const { attachments } = draftOf(chatId);
  const gone = attachments.find((one) => one.id === id);
  if (gone) URL.revokeObjectURL(gone.address);
  put(chatId, { attachments: attachments.filter((one) => one.id !== id), refused: null });
}

/** Takes the pictures out to be sent. Their addresses belong to the caller from now on. */
export function takeAttachments(chatId: ChatId): Attachment[] {
  const { attachments } = draftOf(chatId);
  drafts.setState((all) => {
    const { [chatId]: _, ...left } = all;
    return left;
  }, true);
  return attachments;
}
