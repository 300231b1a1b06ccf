// The screens that were looked at last in this tab, the newest first. They end with the session.

export interface RecentPlace {
  /** Of places.ts. */
  place: string;
  /** Key of the app; empty for screens of none. */
  app: string;
  /** The id of what it is about; empty for a list. */
  detail: string;
  href: string;
}

const storedAs = 'belfry-console-recent';
const most = 6;

export function withRecent(all: readonly RecentPlace[], fresh: RecentPlace): RecentPlace[] {
  const pathOf = ({ href }: RecentPlace): string => href.split('?')[0] ?? '';
  return [fresh, ...all.filter((each) => pathOf(each) !== pathOf(fresh))].slice(0, most);
}

export function recentPlaces(): RecentPlace[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storedAs) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isRecent) : [];
  } catch {
    return [];
  }
}

export function rememberPlace(fresh: RecentPlace): void {
  sessionStorage.setItem(storedAs, JSON.stringify(withRecent(recentPlaces(), fresh)));
}

function isRecent(each: unknown): each is RecentPlace {
  const fields = ['place', 'app', 'detail', 'href'] as const;
  return (
    typeof each === 'object' && each !== null && fields.every((field) => typeof Reflect.get(each, field) === 'string')
  );
}
