// A notice to everybody, sent by the clinic's back end: only that has the API key.
import { useState, type SubmitEvent } from 'react';
import { Icon } from '../icons.tsx';
import { useTexts } from '../language.tsx';
import { call } from '../session.ts';

export function NoticeForm() {
  const texts = useTexts();
  const [outcome, setOutcome] = useState<{ recipients: number } | 'failed' | 'sending'>();

  async function send(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const { title, body } = Object.fromEntries(new FormData(form));
    setOutcome('sending');
    try {
      setOutcome(await call<{ recipients: number }>('POST', '/api/notices', { title, body }));
      form.reset();
    } catch {
      setOutcome('failed');
    }
  }

  return (
    <section className="panel panel-notice" aria-labelledby="notice-heading">
      <h2 id="notice-heading">{texts.admin.notify}</h2>
      <form className="form" onSubmit={(event) => void send(event)}>
        <label>
          {texts.admin.noticeTitle}
          <input name="title" required maxLength={80} autoComplete="off" />
        </label>
        <label>
          {texts.admin.noticeBody}
          <textarea name="body" required maxLength={500} rows={3} />
        </label>
        <button className="button button-main" disabled={outcome === 'sending'}>
          <Icon name="bell" size={18} />
          {texts.admin.send}
        </button>
        <p role="status" className="quiet">
          {outcome === 'failed' && texts.admin.sendFailed}
          {typeof outcome === 'object' && texts.admin.sent(outcome.recipients)}
        </p>
      </form>
    </section>
  );
}
