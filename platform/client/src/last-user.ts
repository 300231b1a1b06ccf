// Who was signed in on this browser last: until there is a token, as on a page that was loaded offline, what is sent is taken for his.
import type { KeyValue } from './types.ts';

export interface LastUser {
  get(): string | undefined;
  note(userId: string): void;
  forget(): void;
}

export function createLastUser({ keyValue, key }: { keyValue: KeyValue; key: string }): LastUser {
  let noted: string | undefined;
  return {
    get: () => keyValue.get(key) ?? undefined,
    note(userId) {
      if (userId === noted) return;
      noted = userId;
      keyValue.set(key, userId);
    },
    forget() {
      noted = undefined;
      keyValue.remove(key);
    },
  };
}
