// What stood in the way of a client, as a sentence in the person's language.
import type { Refusal } from '#lib/api/shapes.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';
import type { Obstacle } from './checklist.ts';

export function obstacleWords(what: Obstacle['what'], { origin = '–', page = '–', detail, reason }: Refusal): string {
  const where = { page: visibleText(page) };
  switch (what) {
    case 'origin':
      return m.obstacle_origin({ origin: visibleText(origin) });
    case 'token':
      return m.obstacle_token();
    case 'no_token':
      return m.obstacle_no_token(where);
    case 'page':
      return reason === 'page_disabled' ? m.obstacle_page_off(where) : m.obstacle_page(where);
    case 'role':
      return m.obstacle_role(where);
    case 'disabled':
      return m.obstacle_disabled();
    case 'feature':
      return m.obstacle_feature({ ...where, feature: reason.split(':')[1] ?? '' });
    case 'other':
      return visibleText(detail ?? reason);
  }
}
