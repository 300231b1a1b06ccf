// People who came and left while this page was open.
import { useLanguage } from '../language.tsx';
import { useNameOf } from '../people.ts';
import { useComingsAndGoings } from './use-comings-and-goings.ts';

export function Feed() {
  const { texts, locale } = useLanguage();
  const nameOf = useNameOf();
  const feed = useComingsAndGoings();
  const devices: Readonly<Record<string, string>> = texts.admin.device;
  return (
    <section className="panel panel-feed" aria-labelledby="feed-heading">
      <h2 id="feed-heading">{texts.admin.feed}</h2>
      {feed.length === 0 && <p className="quiet">{texts.admin.feedEmpty}</p>}
      <ol className="feed" aria-live="polite">
        {feed.map(({ connectionId, userId, deviceType, page, isHere, at }) => (
          <li key={`${connectionId} ${isHere}`} data-here={isHere} data-user={userId}>
            <span className="feed-text">
              {isHere ? texts.admin.came(nameOf(userId)) : texts.admin.left(nameOf(userId))}
            </span>
            <span className="feed-detail">
              {devices[deviceType] ?? deviceType} · {page}
            </span>
            <time dateTime={at.toISOString()}>{at.toLocaleTimeString(locale)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
