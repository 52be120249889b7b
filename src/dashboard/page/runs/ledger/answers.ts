/**
 * What the server has answered, by address: asked for when it is first looked at, and again when it is old and still looked
 * at. What nobody has looked at for long is forgotten.
 */

const AFTER_FAILURE_MS = 5000;
/** A page that looks at something asks for it each second. */
const LOOKED_AT_MS = 3000;
const MOST_KEPT = 60;

interface Kept {
  value: unknown;
  isOld: boolean;
  isLoading: boolean;
  /** What went wrong the last time. */
  error: unknown;
  lookedAt: number;
  /** It is not there, which the server said. */
  isGone: boolean;
  /** It can become old; a file of a graph cannot. */
  readonly canChange: boolean;
  /** Only a change of this run makes it old; undefined for any. */
  readonly run: number | undefined;
}

interface Asked {
  readonly address: string;
  readonly run?: number;
  readonly canChange?: boolean;
}

interface Answers {
  /** What is known of it; undefined while it is on the way, and when it is gone. */
  get<Answer>(asked: Asked): Answer | undefined;
  /** Whether the server said that there is no such thing. */
  isGone(address: string): boolean;
  /** What went wrong with something that is looked at. */
  problem(): unknown;
  /** To be called when these runs may have changed; null for all. */
  changed(runs: readonly number[] | null): void;
}

interface Source {
  /** Asks the server. */
  load(address: string): Promise<unknown>;
  /** Whether an error says that there is no such thing. */
  isNone(error: unknown): boolean;
  /** Called after every answer. */
  arrived(): void;
}

/** Answers from this source. */
export function createAnswers({ load, isNone, arrived }: Source): Answers {
  /** The one that was looked at last is at the end. */
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
