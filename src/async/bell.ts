/** Waking those who wait for a change. */

/** A bell that all who wait can hear. */
export class Bell {
  readonly #listeners = new Set<() => void>();

  /** Ends all waits that have begun. */
  ring(): void {
    for (const wake of this.#listeners) wake();
  }

  /** Resolves when the bell rings, the time is over, or the signal is aborted. */
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
