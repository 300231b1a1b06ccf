// Who is in which tenant, and as what. A tenant that has members always has an owner. Letting somebody in:
// links.ts.

import { BelfryError, notFound } from '@belfry/protocol';
import type { Clock } from '../ports/clock.ts';
import type { Member, MemberRole, TeamRecord, TeamStore } from '../ports/stores/index.ts';
import type { Versioned } from '../ports/stores/versioned.ts';

const maxMembers = 1000;
/** People change teams; who loses so often is no person. */
const maxTries = 20;

export interface ChangedBy {
  /** Name of the account. */
  by: string;
}

export class Members {
  readonly #store: TeamStore;
  readonly #clock: Clock;

  constructor({ store, clock }: { store: TeamStore; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A tenant that nobody is in has a team too: an empty one. */
  async team(tenantId: string): Promise<Versioned<TeamRecord>> {
    return (await this.#store.get(tenantId)) ?? { ...emptyTeam(tenantId), version: 0 };
  }

  teamsOf(account: string): Promise<readonly Versioned<TeamRecord>[]> {
    return this.#store.ofAccount(account);
  }

  async find(tenantId: string, account: string): Promise<Member | undefined> {
    return memberOf(await this.team(tenantId), account);
  }

  /** Makes the account owner of a tenant that nobody is in. False when somebody is. */
  async found(tenantId: string, { account, by }: { account: string } & ChangedBy): Promise<boolean> {
    let isFirst = false;
    const now = this.#clock.now();
    await this.#change(tenantId, ({ members }) => {
      isFirst = members.length === 0;
      const owner: Member = { account, role: 'owner', since: now, version: 1, changedBy: by, changedAt: now };
      return isFirst ? [owner] : undefined;
    });
    return isFirst;
  }

  /** Joins; who is in already stays as they are. Throws `too_many`. */
  async join(tenantId: string, joining: { account: string; role: MemberRole } & ChangedBy): Promise<Member> {
    const now = this.#clock.now();
    const { by, ...member } = joining;
    const joined: Member = { ...member, since: now, version: 1, changedBy: by, changedAt: now };
    const team = await this.#change(tenantId, ({ members }) => {
      if (members.some(({ account }) => account === joining.account)) return undefined;
      if (members.length >= maxMembers) {
        throw new BelfryError('too_many', { message: `A tenant has at most ${maxMembers} members.` });
      }
      return [...members, joined];
    });
    return memberOf(team, joining.account) ?? joined;
  }

  /**
   * `check` sees the member as they are at the moment of the change, and may throw. Throws `not_found`, and
   * `conflict` for the last owner.
   */
  async setRole(
    tenantId: string,
    change: { account: string; role: MemberRole; check: (member: Member) => void } & ChangedBy,
  ): Promise<{ before: Member; after: Member }> {
    const { account, role, check, by } = change;
    let before: Member | undefined;
    const team = await this.#change(tenantId, ({ members }) => {
      before = members.find((member) => member.account === account);
      if (before === undefined) throw notFound('member');
      check(before);
      if (before.role === role) return undefined;
      const changed = { ...before, role, version: before.version + 1, changedBy: by, changedAt: this.#clock.now() };
      return members.map((member) => (member.account === account ? changed : member));
    });
    const after = memberOf(team, account);
    if (before === undefined || after === undefined) throw notFound('member');
    return { before, after };
  }

  /** As `setRole`. */
  async remove(tenantId: string, change: { account: string; check: (member: Member) => void }): Promise<Member> {
    const { account, check } = change;
    let gone: Member | undefined;
    await this.#change(tenantId, ({ members }) => {
      gone = members.find((member) => member.account === account);
      if (gone === undefined) throw notFound('member');
      check(gone);
      return members.filter((member) => member.account !== account);
    });
    if (gone === undefined) throw notFound('member');
    return gone;
  }

  /** The tenant's own settings; `check` as in `setRole`, of the team. */
  async setSettings(
    tenantId: string,
    change: { requireTotpFrom: MemberRole | undefined; check: (team: TeamRecord) => void } & ChangedBy,
  ): Promise<Versioned<TeamRecord>> {
    const { requireTotpFrom, check, by } = change;
    return this.#put(tenantId, (team) => {
      check(team);
      const settingsVersion = team.settingsVersion + 1;
      return { ...team, requireTotpFrom, settingsVersion, changedBy: by, changedAt: this.#clock.now() };
    });
  }

  /** With the tenant. */
  async forget(tenantId: string): Promise<void> {
    await this.#store.remove(tenantId);
  }

  #change(
    tenantId: string,
    change: (team: TeamRecord) => readonly Member[] | undefined,
  ): Promise<Versioned<TeamRecord>> {
    return this.#put(tenantId, (team) => {
      const members = change(team);
      if (members === undefined) return undefined;
      const hadOwner = team.members.some(isOwner);
      if (hadOwner && !members.some(isOwner)) {
        throw new BelfryError('conflict', { message: 'A tenant has at least one owner: this is the last.' });
      }
      return { ...team, members };
    });
  }

  async #put(tenantId: string, change: (team: TeamRecord) => TeamRecord | undefined): Promise<Versioned<TeamRecord>> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const before = await this.team(tenantId);
      const after = change(before);
      if (after === undefined) return before;
      if (await this.#store.put(after, before.version)) return { ...after, version: before.version + 1 };
    }
    throw new BelfryError('conflict');
  }
}

function isOwner({ role }: Member): boolean {
  return role === 'owner';
}

function memberOf({ members }: TeamRecord, account: string): Member | undefined {
  return members.find((member) => member.account === account);
}

function emptyTeam(tenantId: string): TeamRecord {
  return { tenantId, members: [], settingsVersion: 1, changedBy: '', changedAt: 0 };
}
