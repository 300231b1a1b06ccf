// A person as a coloured circle with initials. Decoration: the name always stands beside it.
import { useLanguage } from './language.tsx';
import type { Person } from './session.ts';

export function Avatar({
  person,
  size = 'medium',
}: {
  person: Pick<Person, 'name' | 'role'>;
  size?: 'small' | 'medium';
}) {
  const { language } = useLanguage();
  return (
    <span className={`avatar avatar-${size} avatar-${person.role}`} aria-hidden="true">
      {initials(person.name[language])}
    </span>
  );
}

/** A Chinese name: its family name. Any other: the first letters of its last two words. */
function initials(name: string): string {
  if (/^\p{Script=Han}/u.test(name)) return name.slice(0, 1);
  const words = name.replace(/^Dr\. /, '').split(' ');
  return words
    .slice(-2)
    .map((word) => word.slice(0, 1))
    .join('');
}
