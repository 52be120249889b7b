/**
 * A cache of server responses by URL: requested on first use, and again when they are stale and still in use. The least
 * recently used are evicted.
 */

const AFTER_FAILURE_MS = 5000;
/** In use: a page asks for everything that it shows each second. */
const LOOKED_AT_MS = 3000;
const MOST_KEPT = 60;

interface Kept {
  value: unknown;
  isOld: boolean;
  isLoading: boolean;
  /** The error of the last request. */
  error: unknown;
  lookedAt: number;
  /** Whether the server said that it does not exist. */
  isGone: boolean;
  /** Whether it can become stale; the file of a graph cannot. */
  readonly canChange: boolean;
  /** The only run whose changes make it stale; undefined for any. */
  readonly run: number | undefined;
}

interface Asked {
  readonly address: string;
  readonly run?: number;
  readonly canChange?: boolean;
}

interface Answers {
  /** The cached response; undefined while it loads, and if it does not exist. */
  get<Answer>(asked: Asked): Answer | undefined;
  /** Whether the server said that it does not exist. */
  isGone(address: string): boolean;
  /** The error of a request that is in use. */
  problem(): unknown;
  /** To be called when these runs may have changed; null for all. */
  changed(runs: readonly number[] | null): void;
}

interface Source {
  /** Sends the request. */
  load(address: string): Promise<unknown>;
  /** Whether an error means that the resource does not exist. */
  isNone(error: unknown): boolean;
  /** Called after every response. */
  arrived(): void;
}

/** A cache of responses from this source. */
export function createAnswers({ load, isNone, arrived }: Source): Answers {
  /** Least recently used first. */
  const kept = new Map<string, Kept>();

  const ask = async (address: string, entry: Kept) => {
    entry.isLoading = true;
    entry.isOld = false;
    try {
      entry.value = await load(address);
      entry.isGone = false;
      entry.error = undefined;
    } catch (error) {
      entry.isGone = isNone(error);
      entry.error = entry.isGone ? undefined : error;
      if (entry.isGone) entry.value = undefined;
      else setTimeout(() => makeOld(entry), AFTER_FAILURE_MS);
    } finally {
      entry.isLoading = false;
      arrived();
    }
  };
  const makeOld = (entry: Kept) => {
    entry.isOld = true;
  };
  const forget = () => {
    for (const [address, { isLoading }] of kept) {
      if (kept.size <= MOST_KEPT) return;
      if (!isLoading) kept.delete(address);
    }
  };
  return {
    get<Answer>({ address, run, canChange = true }: Asked) {
      const entry: Kept = kept.get(address) ?? {
        ...{ value: undefined, error: undefined, isOld: true, isLoading: false, isGone: false },
        ...{ lookedAt: 0, canChange, run },
      };
      entry.lookedAt = Date.now();
      kept.delete(address);
      kept.set(address, entry);
      if (entry.isOld && !entry.isLoading) void ask(address, entry);
      forget();
      return entry.value as Answer | undefined;
    },
    isGone: (address) => kept.get(address)?.isGone ?? false,
    problem: () =>
      [...kept.values()].find(
        ({ error, lookedAt }) => error !== undefined && lookedAt > Date.now() - LOOKED_AT_MS,
      )?.error,
    changed(runs) {
      for (const entry of kept.values())
        if (entry.canChange && (runs === null || entry.run === undefined || runs.includes(entry.run)))
          entry.isOld = true;
    },
  };
}
