// Puts an app's changed page policies into effect on its open sessions. Keeping and changing policies is
// pages' business.
import { toWirePolicy, type ServedPagePolicy } from '@belfry/protocol';
import type { PolicySet, ResolvedPage } from '../pages/policy-set.ts';
import type { Clock } from '../ports/clock.ts';
import { encode, type Encoded } from './encoded.ts';
import { refusalOfPage } from './page-rights.ts';
import type { Session } from './session.ts';

interface EnforceDeps {
  clock: Clock;
  /** Moves the session to the page: index, presence, topics. */
  place: (session: Session, page: ResolvedPage) => void;
}

/** Makes one event a policy, however many sessions get it. */
export function enforcePolicies(
  sessions: Iterable<Session>,
  set: Pick<PolicySet, 'resolve'>,
  { clock, place }: EnforceDeps,
): void {
  const timestamp = new Date(clock.now()).toISOString();
  const events = new Map<ServedPagePolicy, Encoded>();
  for (const session of sessions) {
    const before = session.page;
    const page = set.resolve(before.path);
    if (isSamePolicy(before.policy, page.policy)) {
      // So that sessions of one version share one object again.
      session.page = page;
      continue;
    }
    let event = events.get(page.policy);
    if (event === undefined) {
      const policy = toWirePolicy(page.policy);
      const data = { pattern: policy.pattern, version: policy.version, page: policy };
      events.set(page.policy, (event = encode({ action: 'page_config_changed', timestamp, data })));
    }
    session.outlet.send(event);
    const who = { visitor: session.visitor, roles: session.profile.roles };
    if (refusalOfPage(page.policy, who) === undefined) place(session, page);
    else session.outlet.close('page_disabled');
  }
}

/** A version of a pattern never changes, on any node. */
function isSamePolicy(a: ServedPagePolicy, b: ServedPagePolicy): boolean {
  return a === b || (a.pattern === b.pattern && a.version === b.version);
}
