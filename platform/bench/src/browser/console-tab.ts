// One tab of the console in Chromium, and what it costs the one who looks: frames, nodes of the document, heap, bytes.
// The load that it looks at is the scenario's.
import { execFileSync } from 'node:child_process';
import type { Browser, CDPSession, Page } from 'playwright';
import type { Person } from '../../../../console/e2e/support/console-server.ts';

/** A frame that takes longer is seen. */
const longFrameMs = 50;

export interface Looked {
  frames: number;
  longFrames: number;
  longestFrameMs: number;
  /** The most there were. */
  nodes: number;
  receivedBytes: number;
  /** Of a core that the browser's process of the tab used. */
  cpuPercent: number;
}

interface Frames {
  count: number;
  long: number;
  longestMs: number;
}

/** Texts, since what runs in the page knows other names than this program. */
const countFrames = `{
  const frames = { count: 0, long: 0, longestMs: 0 };
  window.belfryFrames = frames;
  let last = performance.now();
  const onFrame = (now) => {
    if (window.belfryFrames !== frames) return;
    frames.count += 1;
    if (now - last > ${longFrameMs}) frames.long += 1;
    frames.longestMs = Math.max(frames.longestMs, now - last);
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}`;
const takeFrames = `{
  const frames = window.belfryFrames;
  delete window.belfryFrames;
  frames;
}`;

export class ConsoleTab {
  readonly page: Page;
  readonly #cdp: CDPSession;
  readonly #ofBrowser: CDPSession;
  #receivedBytes = 0;

  private constructor(page: Page, cdp: CDPSession, ofBrowser: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
    this.#ofBrowser = ofBrowser;
    cdp.on('Network.webSocketFrameReceived', ({ response }) => (this.#receivedBytes += response.payloadData.length));
    cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (this.#receivedBytes += encodedDataLength));
  }

  static async open(browser: Browser, person: Person): Promise<ConsoleTab> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
    await person.enter(context);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    return new ConsoleTab(page, cdp, await browser.newBrowserCDPSession());
  }

  /** Measures while `run` is done, from its beginning to its end. The CPU is right while no other tab is open. */
  async look(run: () => Promise<void>): Promise<Looked> {
    const receivedBytes = this.#receivedBytes;
    await this.page.evaluate(countFrames);
    const [startedMs, cpuSeconds] = [performance.now(), await this.#cpuSeconds()];
    let nodes = 0;
    const counting = setInterval(() => {
      this.nodes().then(
        (count) => (nodes = Math.max(nodes, count)),
        () => undefined,
      );
    }, 1000);
    try {
      await run();
    } finally {
      clearInterval(counting);
    }
    const cpuPercent = ((await this.#cpuSeconds()) - cpuSeconds) * (100_000 / (performance.now() - startedMs));
    nodes = Math.max(nodes, await this.nodes());
    const { count, long, longestMs } = await this.page.evaluate<Frames>(takeFrames);
    return {
      ...{ frames: count, longFrames: long, longestFrameMs: longestMs, nodes, cpuPercent },
      receivedBytes: this.#receivedBytes - receivedBytes,
    };
  }

  async nodes(): Promise<number> {
    return await this.page.locator('*').count();
  }

  /** What is left of the page's heap after its garbage is collected. */
  async heapBytes(): Promise<number> {
    await this.#cdp.send('HeapProfiler.collectGarbage');
    return (await this.#cdp.send('Runtime.getHeapUsage')).usedSize;
  }

  /**
   * The browser gets from here on what others leave of the processor: who looks has a machine of their own, and takes
   * nothing from the server's.
   */
  async giveWay(): Promise<void> {
    const { processInfo } = await this.#ofBrowser.send('SystemInfo.getProcessInfo');
    for (const { id } of processInfo) execFileSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(id)]);
  }

  /** Of all processes that run pages: what draws for them on a machine without a graphics card is not among them. */
  async #cpuSeconds(): Promise<number> {
    const { processInfo } = await this.#ofBrowser.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((all, { type, cpuTime }) => (type === 'renderer' ? all + cpuTime : all), 0);
  }

  async close(): Promise<void> {
    await this.#ofBrowser.detach();
    await this.page.context().close();
  }
}
