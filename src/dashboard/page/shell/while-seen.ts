/** What a page does only as long as somebody sees it. */

/** A tab that somebody comes back to soon goes on as if nothing had been. */
const UNSEEN_MS = 15_000;

/** As much of a document as there is to see. */
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
 * Begins as soon as the page is seen, and ends when it has not been for a while; again and again. A browser opens six
 * connections to a server, for all its tabs together: streams of tabs that nobody sees would keep others from loading.
 *
 * @returns what ends it for good
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
