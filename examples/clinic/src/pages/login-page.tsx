// The page to choose a user on. Its policy is disabled, so no WebSocket is attempted here.
import { useState } from 'react';
import { Avatar } from '../avatar.tsx';
import { useLanguage } from '../language.tsx';
import { usePeople } from '../people.ts';
import { navigate } from '../route.tsx';
import { homeOf, signIn, useWasSignedOut, type Person } from '../session.ts';

export function LoginPage() {
  const { texts } = useLanguage();
  const people = usePeople();
  const wasSignedOut = useWasSignedOut();
  const [failed, setFailed] = useState(false);

  async function enter(person: Person): Promise<void> {
    setFailed(false);
    try {
      await signIn(person.id);
      navigate(homeOf(person.role));
    } catch {
      setFailed(true);
    }
  }

  return (
    <main className="page page-narrow" id="content">
      <h1>{texts.login.title}</h1>
      <p className="lead">{texts.login.lead}</p>
      {wasSignedOut && (
        <p className="banner" role="status">
          {texts.login.ended}
        </p>
      )}
      {failed && (
        <p className="banner banner-bad" role="alert">
          {texts.login.failed}
        </p>
      )}
      <ul className="people">
        {people.map((person) => (
          <li key={person.id}>
            <PersonButton person={person} onChoose={() => void enter(person)} />
          </li>
        ))}
      </ul>
      <p className="quiet">{texts.login.quiet}</p>
    </main>
  );
}

function PersonButton({ person, onChoose }: { person: Person; onChoose: () => void }) {
  const { texts, language } = useLanguage();
  return (
    <button className="person" onClick={onChoose}>
      <Avatar person={person} />
      <span className="person-text">
        <span className="person-name">{person.name[language]}</span>
        <span className="person-about">
          {texts.roles[person.role]} · {person.about[language]}
        </span>
      </span>
    </button>
  );
}
