/** Runs something only while the page is visible. */

/** A tab that is shown again within this time continues as if nothing had happened. */
const UNSEEN_MS = 15_000;

/** The part of Document that is used here. */
interface Tab {
  readonly hidden: boolean;
  addEventListener(name: 'visibilitychange', changed: () => void): void;
  removeEventListener(name: 'visibilitychange', changed: () => void): void;
}

interface Seen {
  begin(): void;
  end(): void;
}

/**
 * Begins when the page becomes visible, ends when it has been hidden for a while, and so on. Browsers allow six HTTP/1.1
 * connections per server, shared by all tabs: the streams of hidden tabs would block the others from loading.
 *
 * @returns a function that ends it for good
 */
export function whileSeen(tab: Tab, { begin, end }: Seen): () => void {
  let isOn = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = (on: boolean) => {
    clearTimeout(timer);
    if (on === isOn) return;
    isOn = on;
    if (on) begin();
    else end();
  };
  const look = () => {
    clearTimeout(timer);
    if (!tab.hidden) turn(true);
    else if (isOn) timer = setTimeout(turn, UNSEEN_MS, false);
  };
  tab.addEventListener('visibilitychange', look);
  look();
  return () => {
    tab.removeEventListener('visibilitychange', look);
    turn(false);
  };
}
