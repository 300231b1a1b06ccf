// The clinic's people: who is online, on which devices, and a button to sign them out everywhere.
import type { PresenceState } from '@belfry/protocol';
import { useState } from 'react';
import { Avatar } from '../avatar.tsx';
import { useLanguage } from '../language.tsx';
import { usePeople } from '../people.ts';
import { call, useMe, type Person } from '../session.ts';
import { usePresence } from '../use-presence.ts';

export function PeopleTable() {
  const { texts } = useLanguage();
  const people = usePeople();
  const states = usePresence(people.map(({ id }) => id));
  return (
    <section className="panel panel-people" aria-labelledby="people-heading">
      <h2 id="people-heading">{texts.admin.people}</h2>
      <ul className="rows">
        {people.map((person) => (
          <PersonRow key={person.id} person={person} state={states[person.id]} />
        ))}
      </ul>
    </section>
  );
}

function PersonRow({ person, state }: { person: Person; state: PresenceState | undefined }) {
  const { texts, language } = useLanguage();
  const me = useMe();
  const isOnline = state?.online === true;
  return (
    <li className="row" data-user={person.id} data-online={isOnline}>
      <span className="presence" data-online={isOnline}>
        <Avatar person={person} />
      </span>
      <span className="row-text">
        <span className="row-title">{person.name[language]}</span>
        <span className="row-detail">
          {texts.roles[person.role]} · <StateText state={state} />
        </span>
      </span>
      {isOnline && person.id !== me?.id && <SignOutButton person={person} />}
    </li>
  );
}

function StateText({ state }: { state: PresenceState | undefined }) {
  const { texts, locale } = useLanguage();
  if (state?.online === true) {
    const devices = state.deviceTypes.map((type) => texts.admin.device[type]).join(', ');
    return `${texts.list.online} (${devices})`;
  }
  if (state?.lastSeenAt === undefined) return texts.admin.never;
  const time = new Date(state.lastSeenAt).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  return texts.admin.lastSeen(time);
}

function SignOutButton({ person }: { person: Person }) {
  const { texts, language } = useLanguage();
  const [isAsking, setAsking] = useState(false);

  async function signOut(): Promise<void> {
    setAsking(false);
    await call('POST', '/api/sign-out', { personId: person.id });
  }

  if (!isAsking) {
    return (
      <button className="button button-small" onClick={() => setAsking(true)}>
        {texts.admin.signOutPerson}
      </button>
    );
  }
  return (
    <button
      className="button button-small button-bad"
      autoFocus
      onBlur={() => setAsking(false)}
      onClick={() => void signOut()}
    >
      {texts.admin.signOutSure(person.name[language])}
    </button>
  );
}
