// Notices that the process that started this one is gone. npx hands a signal on to the shell that it runs a command
// in. The shell dies of it and tells nobody, and the server would stay, with its port and its data.

const lookEveryMs = 500;

/** Keeps no process up. */
export function onParentGone(run: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    run();
  }, lookEveryMs);
  timer.unref();
}
