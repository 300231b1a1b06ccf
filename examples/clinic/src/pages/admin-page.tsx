// Monitoring: who is here, live figures, comings and goings, and a notice to everybody. The page's policy has
// no messaging, and no message is shown.
import { Feed } from '../admin/feed.tsx';
import { LiveFigures } from '../admin/live-figures.tsx';
import { NoticeForm } from '../admin/notice-form.tsx';
import { PeopleTable } from '../admin/people-table.tsx';
import { useTexts } from '../language.tsx';
import { Notices } from '../notices.tsx';

export function AdminPage() {
  const texts = useTexts();
  return (
    <main className="page" id="content">
      <h1>{texts.admin.title}</h1>
      <p className="lead">{texts.admin.lead}</p>
      <Notices />
      <div className="panels">
        <div className="panels-column">
          <LiveFigures />
          <Feed />
        </div>
        <div className="panels-column">
          <PeopleTable />
          <NoticeForm />
        </div>
      </div>
    </main>
  );
}
