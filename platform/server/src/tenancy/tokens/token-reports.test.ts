// Refused tokens are counted one by one, and logged once a second for each app and reason.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { asAppId } from '../../ports/app-id.ts';
import { silentLog } from '../../ports/log.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { BelfryError } from '@belfry/protocol';
import { bad } from './claims.ts';
import { found } from './token-findings.ts';
import { TokenReports } from './token-reports.ts';

const otherwise = 'made with another key, or the token was changed since';
const [demo, other] = [asAppId('demo'), asAppId('other')];

function reports() {
  const clock = createVirtualClock();
  const lines: unknown[] = [];
  const counted: string[] = [];
  const log = { ...silentLog, info: (msg: string, fields?: object) => void lines.push({ msg, ...fields }) };
  const metrics = {
    ...createMetrics(),
    count: (_name: string, [reason = '']: readonly string[]) => void counted.push(reason),
  };
  return { clock, lines, counted, reports: new TokenReports({ clock, log, metrics }) };
}

test('each refusal counts, and the next line says how many there were since the last', async () => {
  const { clock, lines, counted, reports: refusals } = reports();
  for (let n = 0; n < 50; n += 1) refusals.refused(demo, bad('wrong_signature', found('signed_otherwise')));
  refusals.refused(other, bad('wrong_signature', found('signed_otherwise')));
  refusals.refused(demo, bad('expired', found('past')));
  await clock.advance(1000);
  refusals.refused(demo, bad('wrong_signature', found('signed_otherwise')));
  const msg = 'token refused';
  expect(lines).toEqual([
    { msg, app: 'demo', reason: 'wrong_signature', detail: otherwise, count: 1 },
    { msg, app: 'other', reason: 'wrong_signature', detail: otherwise, count: 1 },
    { msg, app: 'demo', reason: 'expired', detail: 'exp has passed', count: 1 },
    { msg, app: 'demo', reason: 'wrong_signature', detail: otherwise, count: 50 },
  ]);
  expect(counted).toHaveLength(53);
});

test('apps that there are not share their lines, and put no text of theirs into the log', () => {
  const { lines, reports: refusals } = reports();
  for (let n = 0; n < 10; n += 1) refusals.refused(asAppId(`app ${n}`), bad('unknown_app', found('no_such_app')));
  expect(lines).toEqual([{ msg: 'token refused', reason: 'unknown_app', detail: 'the app does not exist', count: 1 }]);
});

test('keys that cannot be fetched are reported with the cause', () => {
  const { lines, reports: refusals } = reports();
  refusals.unavailable(demo, new BelfryError('unavailable', { cause: new Error('the key set was answered with 503') }));
  expect(lines).toMatchObject([{ app: 'demo', reason: 'unavailable', detail: 'the key set was answered with 503' }]);
});
