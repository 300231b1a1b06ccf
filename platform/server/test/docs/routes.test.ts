// Every route that a page of the docs names is one that the server has.

import { expect, it } from 'vitest';
import { adminPrefix } from '../../src/http/doors/admin/prefix.ts';
import { adminRouteTable } from '../../src/http/doors/admin/route-table.ts';
import { routeTable } from '../../src/http/doors/public/route-table.ts';
import { allPages } from './play-page.ts';

/** Beside the table of routes: doors of their own, and the routes of the pages' own back ends. */
const others = [
  ...['GET /metrics', 'GET /files/{}', 'GET /ws', 'POST /hooks/{}', 'POST /hooks/lab'],
  ...['POST /belfry-token', 'POST /results', 'POST /belfry'],
];
const known = new Set([
  ...routeTable.map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
  ...adminRouteTable.map(
    ({ method, path }) => `${method.toUpperCase()} ${adminPrefix}${path.replaceAll(/\{\w+\}/g, '{}')}`,
  ),
  ...others,
]);

function routesOf(markdown: string): string[] {
  return [...markdown.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) +(?:\/api\/v1)?(\/[\w/{}-]+)/g)].map(
    ([, method = '', path = '']) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`,
  );
}

const named = allPages()
  .filter(({ page }) => !/CHANGELOG|decisions|reliability|client-api/.test(page))
  .flatMap(({ page, markdown }) => routesOf(markdown).map((route) => ({ page, route })));

it('pages of the docs name many routes', () => {
  expect(named.length).toBeGreaterThan(50);
});

it('no page of the docs names a route that is not there', () => {
  expect(named.filter(({ route }) => !known.has(route))).toEqual([]);
});
