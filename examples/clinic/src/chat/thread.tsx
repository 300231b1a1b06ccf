// One conversation: its people, its messages, who types, and the composer.
import type { ConversationSnapshot, Features } from '@belfry/client/chat';
import { useConversation, useWebSocketByPage } from '@belfry/client/react';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icons.tsx';
import { useLanguage } from '../language.tsx';
import { useNameOf, usePeople } from '../people.ts';
import { Link, usePath } from '../route.tsx';
import type { Person } from '../session.ts';
import { useSnapshot } from '../use-snapshot.ts';
import { Composer } from './composer.tsx';
import { MessageLog } from './message-log.tsx';
import { UploadList } from './upload-list.tsx';

interface ThreadProps {
  me: Person;
  conversationId: string;
  features: Features;
}

export function Thread({ me, conversationId, features }: ThreadProps) {
  const { texts } = useLanguage();
  const { config } = useWebSocketByPage();
  // While this is mounted the conversation is kept up to date, and what is shown counts as read.
  const { conversation, ...snapshot } = useConversation(conversationId);
  const nameOf = useNameOf();

  return (
    <section className="thread" aria-labelledby="thread-heading">
      <ThreadHead me={me} snapshot={snapshot} />
      <MessageLog
        me={me}
        conversation={conversation}
        snapshot={snapshot}
        showsRead={config?.features.includes('read_receipts') === true}
      />
      <p className="typing" role="status">
        {snapshot.typing.length > 0 && texts.thread.typing(snapshot.typing.map(nameOf).join(', '))}
      </p>
      <div className="composer">
        {config?.features.includes('messaging') === true ? (
          <>
            <Uploads features={features} conversationId={conversationId} />
            <Composer
              conversationId={conversationId}
              features={features}
              onText={(text) => void conversation.send(text)}
            />
          </>
        ) : (
          <p className="quiet">{texts.composer.noMessaging}</p>
        )}
      </div>
    </section>
  );
}

function ThreadHead({ me, snapshot }: { me: Person; snapshot: ConversationSnapshot }) {
  const { texts } = useLanguage();
  const path = usePath();
  const people = usePeople();
  const nameOf = useNameOf();
  const others = snapshot.participants.map(({ userId }) => userId).filter((userId) => userId !== me.id);
  const first = people.find(({ id }) => id === others[0]);
  const isOnline = first === undefined ? undefined : snapshot.presence[first.id]?.online;
  return (
    <div className="thread-head">
      <Link href={path} className="button-icon thread-back" aria-label={texts.list.back}>
        <Icon name="back" />
      </Link>
      {first !== undefined && (
        <span className="presence" data-online={isOnline}>
          <Avatar person={first} />
        </span>
      )}
      <div>
        <h2 id="thread-heading">{others.map(nameOf).join(', ')}</h2>
        {first !== undefined && (
          <p className="quiet">
            {texts.roles[first.role]}
            {isOnline !== undefined && ` · ${isOnline ? texts.list.online : texts.list.offline}`}
          </p>
        )}
      </div>
    </div>
  );
}

function Uploads({
  features: { uploads, voiceNotes },
  conversationId,
}: {
  features: Features;
  conversationId: string;
}) {
  const files = useSnapshot(uploads) ?? [];
  const notes = useSnapshot(voiceNotes) ?? [];
  const tasks = [...files, ...notes].filter((task) => task.conversationId === conversationId);
  const ofNote = (id: string): boolean => notes.some((note) => note.id === id);
  return (
    <UploadList
      tasks={tasks}
      onCancel={(id) => (ofNote(id) ? voiceNotes : uploads)?.cancel(id)}
      onRetry={(id) => (ofNote(id) ? voiceNotes : uploads)?.retry(id)}
    />
  );
}
