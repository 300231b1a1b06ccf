// Questions that a call may raise in the middle of something: sign in again, give the password once more. Many
// calls may wait for one question; its dialog is in shell/.

class Ask {
  isOpen = $state(false);
  #waiting: ((done: boolean) => void)[] = [];

  /** True where the person did what was asked for. */
  ask(): Promise<boolean> {
    this.isOpen = true;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  end(done: boolean): void {
    this.isOpen = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(done);
  }
}

export const asks = { signIn: new Ask(), confirm: new Ask() };
