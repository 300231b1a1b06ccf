// Notices to the user, shown above whatever page they are on until they are put away.
import { useBelfry } from '@belfry/client/react';
import { useEffect, useState } from 'react';
import { Icon } from './icons.tsx';
import { useTexts } from './language.tsx';

interface Notice {
  id: string;
  title: string;
  body: string;
}

/** The most notices at once that can still be read. */
const keptCount = 3;

export function Notices() {
  const texts = useTexts();
  const belfry = useBelfry();
  const [notices, setNotices] = useState<readonly Notice[]>([]);

  useEffect(
    () =>
      belfry.on('system_notification', ({ data }) => {
        const { messageId: id, title = '', body = '' } = data as { messageId: string; title?: string; body?: string };
        setNotices((before) => [...before.filter((notice) => notice.id !== id), { id, title, body }].slice(-keptCount));
      }),
    [belfry],
  );

  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map(({ id, title, body }) => (
        <div key={id} className="notice">
          <Icon name="bell" />
          <p>
            <strong>{title}</strong> {body}
          </p>
          <button
            className="button-icon"
            aria-label={texts.notice.dismiss}
            onClick={() => setNotices((before) => before.filter((notice) => notice.id !== id))}
          >
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
