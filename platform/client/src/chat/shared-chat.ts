// One chat for each Belfry, however many components show something of it.
import type { Belfry } from '../types.ts';
import { createChat, type Chat } from './index.ts';

const chats = new WeakMap<Belfry, Chat>();

/** Made at the first call; not started. */
export function chatOf(belfry: Belfry): Chat {
  const known = chats.get(belfry);
  if (known !== undefined) return known;
  const made = createChat(belfry);
  chats.set(belfry, made);
  return made;
}
