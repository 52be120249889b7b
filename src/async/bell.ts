/** Wakes everything that waits for a change: a condition variable without the condition. */

/** A ring wakes all current waiters. It is not remembered for later ones. */
export class Bell {
  readonly #listeners = new Set<() => void>();

  /** Wakes all current waiters. */
  ring(): void {
    for (const wake of this.#listeners) wake();
  }

  /** Resolves when the bell rings, after `ms`, or when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#listeners.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#listeners.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }
}
