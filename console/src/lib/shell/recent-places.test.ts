import { expect, test } from 'vitest';
import { withRecent, type RecentPlace } from './recent-places.ts';

const place = (href: string): RecentPlace => ({ place: 'users', app: 'demo', detail: '', href });
const hrefs = (all: RecentPlace[]): string[] => all.map(({ href }) => href);

test('a screen that is looked at again is the newest, with its latest filter, and there once', () => {
  const before = [place('/a'), place('/b?q=1'), place('/c')];
  expect(hrefs(withRecent(before, place('/b?q=2')))).toEqual(['/b?q=2', '/a', '/c']);
});

test('the oldest fall out', () => {
  const many = Array.from({ length: 20 }, (_, at) => place(`/${at}`)).reduce<RecentPlace[]>(withRecent, []);
  expect(hrefs(many)).toEqual(['/19', '/18', '/17', '/16', '/15', '/14']);
});
