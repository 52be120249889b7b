/**
 * A cache of server responses by URL: requested on first use, and again when they are stale and still in use. The least
 * recently used are evicted.
 */

const AFTER_FAILURE_MS = 5000;
/** In use: a page asks for everything that it shows each second. */
const IN_USE_MS = 3000;
const CACHE_SIZE = 60;

interface CacheEntry {
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

interface CachedRequest {
  readonly address: string;
  readonly run?: number;
  readonly canChange?: boolean;
}

interface Answers {
  /** The cached response; undefined while it loads, and if it does not exist. */
  get<Answer>(asked: CachedRequest): Answer | undefined;
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
  const cache = new Map<string, CacheEntry>();

  const request = async (address: string, entry: CacheEntry) => {
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
      else setTimeout(() => markStale(entry), AFTER_FAILURE_MS);
    } finally {
      entry.isLoading = false;
      arrived();
    }
  };
  const markStale = (entry: CacheEntry) => {
    entry.isOld = true;
  };
  const evict = () => {
    for (const [address, { isLoading }] of cache) {
      if (cache.size <= CACHE_SIZE) return;
      if (!isLoading) cache.delete(address);
    }
  };
  return {
    get<Answer>({ address, run, canChange = true }: CachedRequest) {
      const entry: CacheEntry = cache.get(address) ?? {
        ...{ value: undefined, error: undefined, isOld: true, isLoading: false, isGone: false },
        ...{ lookedAt: 0, canChange, run },
      };
      entry.lookedAt = Date.now();
      cache.delete(address);
      cache.set(address, entry);
      if (entry.isOld && !entry.isLoading) void request(address, entry);
      evict();
      return entry.value as Answer | undefined;
    },
    isGone: (address) => cache.get(address)?.isGone ?? false,
    problem: () =>
      [...cache.values()].find(
        ({ error, lookedAt }) => error !== undefined && lookedAt > Date.now() - IN_USE_MS,
      )?.error,
    changed(runs) {
      for (const entry of cache.values())
        if (entry.canChange && (runs === null || entry.run === undefined || runs.includes(entry.run)))
          entry.isOld = true;
    },
  };
}
