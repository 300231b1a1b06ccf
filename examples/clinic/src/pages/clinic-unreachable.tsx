// Shown when the clinic's own back end does not answer: the app needs it for everything.
import { useTexts } from '../language.tsx';

export function ClinicUnreachable() {
  const texts = useTexts();
  return (
    <main className="page page-narrow">
      <h1>{texts.clinic}</h1>
      <p className="lead" role="alert">
        {texts.loadFailed}
      </p>
      <button className="button" onClick={() => location.reload()}>
        {texts.tryAgain}
      </button>
    </main>
  );
}
