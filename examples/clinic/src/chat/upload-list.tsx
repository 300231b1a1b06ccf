// Files and voice notes on their way to the server, each with its progress and a way to stop it.
import type { UploadTask } from '@belfry/client/chat';
import { Icon } from '../icons.tsx';
import { useTexts } from '../language.tsx';
import { isForGood, reasonOfFile } from '../refusal.ts';

interface UploadListProps {
  tasks: readonly UploadTask[];
  onCancel: (id: string) => void;
  onRetry: (id: string) => void;
}

export function UploadList({ tasks, onCancel, onRetry }: UploadListProps) {
  return (
    <ul className="uploads">
      {tasks.map((task) => (
        <UploadRow key={task.id} task={task} onCancel={onCancel} onRetry={onRetry} />
      ))}
    </ul>
  );
}

function UploadRow({ task, onCancel, onRetry }: Omit<UploadListProps, 'tasks'> & { task: UploadTask }) {
  const texts = useTexts();
  const { id, name, state, sentBytes, bytes, error } = task;
  const share = bytes === 0 ? 0 : sentBytes / bytes;
  const isFailed = state === 'failed';
  return (
    <li className={isFailed ? 'upload upload-failed' : 'upload'} data-state={state}>
      <span className="upload-text" role={isFailed ? 'alert' : undefined}>
        <span className="upload-name">
          {isFailed ? texts.composer.uploadFailed(name) : texts.composer.uploading(name, Math.round(share * 100))}
        </span>
        {isFailed && <span>{reasonOfFile(error, texts)}</span>}
      </span>
      <span>
        {isFailed && !isForGood(error) && (
          <button className="button-plain" onClick={() => onRetry(id)}>
            {texts.tryAgain}
          </button>
        )}
        <button
          className="button-icon"
          aria-label={texts.composer.cancelUpload(name)}
          title={texts.composer.cancelUpload(name)}
          onClick={() => onCancel(id)}
        >
          <Icon name="close" size={16} />
        </button>
      </span>
      {!isFailed && <progress value={share} aria-label={name} />}
    </li>
  );
}
