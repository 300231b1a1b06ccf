// Notices that the process that started this one is gone: a shell or npm that was ended by force signals
// nobody, and this process would run on, unseen, with its port.

const lookEveryMs = 1000;

/** Calls `then` once. Keeps nobody up. */
export function onParentGone(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    // The system gives an orphan another parent.
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, lookEveryMs);
  timer.unref();
}
