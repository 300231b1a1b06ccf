// Asks the back end where Belfry is, makes the one Belfry of this window, and shows the app.
import { createBelfry } from '@belfry/client';
import { BelfryProvider } from '@belfry/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { followSession } from './follow-session.ts';
import { LanguageProvider } from './language.tsx';
import { ClinicUnreachable } from './pages/clinic-unreachable.tsx';
import { call, fetchToken } from './session.ts';
import './styles/base.css';
import './styles/header.css';
import './styles/login.css';
import './styles/chat.css';
import './styles/admin.css';

const element = document.getElementById('app');
if (element === null) throw new Error('the page has no #app');
const root = createRoot(element);

try {
  const { belfryUrl, app } = await call<{ belfryUrl: string; app: string }>('GET', '/api/config');
  const belfry = createBelfry({ url: belfryUrl, app, getToken: ({ signal }) => fetchToken(signal) });
  followSession(belfry);
  root.render(
    <StrictMode>
      <LanguageProvider>
        <BelfryProvider belfry={belfry}>
          <App playgroundUrl={`${belfryUrl}/playground`} />
        </BelfryProvider>
      </LanguageProvider>
    </StrictMode>,
  );
} catch (error) {
  console.error(error);
  root.render(
    <LanguageProvider>
      <ClinicUnreachable />
    </LanguageProvider>,
  );
}
