// What a shared address of the playground says, and the address for it: pages, users and the kind of the broadcast.
// Never a token.
import type { Beginning } from '@belfry/playground/state';

export function beginningOf(search: Pick<URLSearchParams, 'get'>): Beginning {
  const read = (name: string): string | undefined => {
    const value = search.get(name);
    return value === null || value === '' ? undefined : value;
  };
  const [left, right] = [read('left'), read('right')];
  const [leftPage, rightPage] = [read('leftPage'), read('rightPage')];
  const kind = read('kind');
  return {
    ...(leftPage === undefined ? {} : { pages: { left: leftPage, right: rightPage ?? leftPage } }),
    ...(left === undefined || right === undefined || left === right ? {} : { users: { left, right } }),
    ...(kind === undefined ? {} : { kind }),
  };
}

export function searchOf({ pages, users, kind }: Required<Beginning>): URLSearchParams {
  return new URLSearchParams({
    ...(users === undefined ? {} : { left: users.left, right: users.right }),
    ...(pages === undefined ? {} : { leftPage: pages.left, rightPage: pages.right }),
    ...(kind === undefined || kind === '' ? {} : { kind }),
  });
}
