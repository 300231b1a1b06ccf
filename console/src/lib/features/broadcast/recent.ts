// The broadcasts that were sent from this tab, to be used again: what was asked for, never under the same key. Gone
// with the tab, since they hold what was said to people.
import type { BroadcastBody } from './request.ts';

export interface Recent {
  id: string;
  /** ms since the epoch. */
  at: number;
  recipients: number;
  request: BroadcastBody;
}

export interface RecentPlace {
  account: string;
  app: string;
}

const most = 10;

function keyOf({ account, app }: RecentPlace): string {
  return ['belfry-sent', account, app].map(encodeURIComponent).join('/');
}

/** The newest first. */
export function readRecent(place: RecentPlace): Recent[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(place)) ?? '[]');
    return Array.isArray(kept) ? (kept as Recent[]) : [];
  } catch {
    return [];
  }
}

export function keepRecent(place: RecentPlace, sent: Recent): Recent[] {
  const kept = [sent, ...readRecent(place).filter(({ id }) => id !== sent.id)].slice(0, most);
  try {
    sessionStorage.setItem(keyOf(place), JSON.stringify(kept));
  } catch {
    // There is no room for it: then it is not offered again.
  }
  return kept;
}
