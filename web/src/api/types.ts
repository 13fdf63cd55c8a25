import type { components } from './schema';

type Schemas = components['schemas'];

/** API.md §2. The addresses are signed and run out: see sync/photos.ts. */
export interface MessageImage {
  url: string;
  thumbUrl: string;
  publicId: string;
  width: number;
  height: number;
}

export type User = Schemas['User'];
export type OwnUser = Schemas['OwnUser'];
export type Chat = Schemas['Chat'];
export type ChatRow = Schemas['ChatRow'];
/** What an error is, for programs. The server sends no other. */
export type ErrorCode = Schemas['ErrorCode'];
export type Message = Schemas['Message'] & { image?: MessageImage };

export type UserId = string;
export type ChatId = string;
export type ClientId = string;
