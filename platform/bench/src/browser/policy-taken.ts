// How long a change of a page policy takes until an open tab of the clinic example has put it into effect: from the
// request to the button that is gone, or back.
import { pagePolicyInputSchema } from '@belfry/protocol';
import { launchBrowser } from '../../../../examples/clinic/e2e/support/browser.ts';
import { startClinicUnderTest } from '../../../../examples/clinic/e2e/support/clinic-under-test.ts';
import { signIn } from '../../../../examples/clinic/e2e/support/clinic-window.ts';
import { setUp } from '../../../../console/e2e/support/console-server.ts';

const pattern = '/doctor/chat';
const feature = 'voice_note';

interface Policy {
  pattern: string;
  version: number;
  features: readonly string[];
}

/** One time for each change, ms. */
export async function timesUntilTaken(changes: number): Promise<number[]> {
  const clinic = await startClinicUnderTest();
  const browser = await launchBrowser();
  try {
    const { url } = clinic.proxy;
    const code = /setup#code=([\w-]+)/.exec(JSON.stringify(clinic.lines))?.[1];
    const anna = await setUp({ url, server: { setupCode: async () => code } });
    const tab = await signIn(clinic, await browser.newProfile(), 'dr-lin');
    await tab.openConversation('lin-mei');
    const recorder = tab.page.getByRole('button', { name: 'Record a voice note' });
    await recorder.waitFor();
    const times: number[] = [];
    for (let change = 0; change < changes; change += 1) {
      const { pages } = await anna.call<{ pages: Policy[] }>('GET', '/apps/clinic/pages');
      const policy = pages.find((each) => each.pattern === pattern);
      if (policy === undefined) throw new Error(`the clinic has no page ${pattern}`);
      const isOn = policy.features.includes(feature);
      const features = isOn ? policy.features.filter((each) => each !== feature) : [...policy.features, feature];
      const startedMs = performance.now();
      const taken = recorder.waitFor({ state: isOn ? 'detached' : 'attached' });
      const headers = { 'If-Match': `"v${policy.version}"` };
      await anna.call('PUT', '/apps/clinic/pages', inputOf({ ...policy, features }), headers);
      await taken;
      times.push(performance.now() - startedMs);
    }
    return times;
  } finally {
    await browser.close();
    await clinic.stop();
  }
}

/** What may be put, of what is shown. */
function inputOf(shown: object): object {
  const fields = new Set(Object.keys(pagePolicyInputSchema.shape));
  return Object.fromEntries(Object.entries(shown).filter(([field]) => fields.has(field)));
}
