// The file of a message: a picture shown inline, a voice note to be played, any other file as a link. Links
// are asked for when they are shown, as each is good for minutes only.
import type { JsonObject } from '@belfry/protocol';
import { Icon } from '../icons.tsx';
import { useTexts } from '../language.tsx';
import { minutesAndSeconds } from './minutes-and-seconds.ts';
import { useUpload } from './use-upload.ts';

interface AttachmentProps {
  type: string;
  uploadId: string;
  content: JsonObject;
}

export function Attachment({ type, uploadId, content }: AttachmentProps) {
  const texts = useTexts();
  const { upload, isGone, askAgain } = useUpload(uploadId);
  if (isGone) return <p className="bubble-deleted">{texts.attachment.gone}</p>;
  const name = upload?.name ?? '…';
  if (type === 'image') {
    const { caption } = content;
    return (
      <figure style={{ margin: 0 }}>
        <img
          className="picture"
          src={upload?.url}
          alt={typeof caption === 'string' ? caption : name}
          onError={askAgain}
        />
        {typeof caption === 'string' && <figcaption className="bubble-text">{caption}</figcaption>}
      </figure>
    );
  }
  if (type === 'voice') {
    return (
      <span className="voice">
        <audio controls preload="metadata" src={upload?.url} aria-label={texts.attachment.voice} onError={askAgain} />
        {typeof content['durationMs'] === 'number' && (
          <span className="voice-length">{minutesAndSeconds(content['durationMs'])}</span>
        )}
      </span>
    );
  }
  return (
    <a className="file" href={upload?.url} download={name} aria-label={texts.attachment.download(name)}>
      <Icon name="file" size={18} />
      {name}
    </a>
  );
}
