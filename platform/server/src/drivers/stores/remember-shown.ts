// What a device was shown, with one more notification or one less. The same for every driver.

import { mostShown, type ShownPush } from '../../ports/stores/users.ts';

export function rememberShown(
  before: readonly ShownPush[] = [],
  { collapseKey, messageId }: Pick<ShownPush, 'collapseKey'> & Partial<ShownPush>,
): ShownPush[] {
  const others = before.filter((each) => each.collapseKey !== collapseKey);
  const all = messageId === undefined ? others : [...others, { collapseKey, messageId }];
  return all.slice(-mostShown);
}
