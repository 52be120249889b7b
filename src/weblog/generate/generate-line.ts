/** Access-log lines that nobody caused, from a seed: the same lines on any machine, whatever their format. */

import { BREAKS, type Break, breakLine } from './break-line.ts';
import { errorBursts } from './error-bursts.ts';
import { seededRandom } from './seeded-random.ts';
import { type Share, statusPicker } from './status-shares.ts';
import type { Pools } from './value-pools.ts';
import { sessions, strangers } from './visitors.ts';
import { type Format, lineWriter, METHODS, MOST_BYTES } from './write-line.ts';

const LEAST_BYTES = 5;

/** Each draws from a sequence of its own, so that one option does not change what the others do. */
const STREAMS = { requests: 1, visitors: 2, bursts: 3, breaks: 4 };

export interface Recipe {
  readonly seed: number;
  readonly format: Format;
  readonly statuses: readonly Share[];
  readonly sessions: boolean;
  readonly bursts: boolean;
  /** The share of broken lines. */
  readonly malformed: number;
}

export interface Line {
  /** With its newline; a character is a byte. */
  readonly text: string;
  /** What is wrong with it; the rest is then of the line it was. */
  readonly broken: Break | undefined;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly status: number;
  readonly bytes: number;
}

/** A function from the time of the next line to that line. @param pools of the same seed */
export function inventor(recipe: Recipe, pools: Pools): (time: number) => Line {
  const random = seededRandom(recipe.seed, STREAMS.requests);
  const write = lineWriter(recipe.format, pools);
  const visit = (recipe.sessions ? sessions : strangers)(pools, seededRandom(recipe.seed, STREAMS.visitors));
  const usualStatus = statusPicker(recipe.statuses, random);
  const statusInBursts = recipe.bursts ? errorBursts(seededRandom(recipe.seed, STREAMS.bursts)) : undefined;
  const broken = breaker(recipe);
  return (time) => {
    const method = random.below(METHODS.length);
    const usual = usualStatus();
    const status = statusInBursts?.(usual) ?? usual;
    const bytes = LEAST_BYTES + random.below(MOST_BYTES - LEAST_BYTES + 1);
    const text = write({ visit: visit(time), time, method, status, bytes });
    const line = { text, broken: undefined, time, method: METHODS[method] ?? '', status, bytes };
    return broken(line);
  };
}

/** From a line to itself or, in so many cases, to a broken one. */
function breaker({ seed, malformed, format }: Recipe): (line: Line) => Line {
  if (malformed === 0) return (line) => line;
  const random = seededRandom(seed, STREAMS.breaks);
  return (line) => {
    if (random.share() >= malformed) return line;
    const kind = random.pick(BREAKS);
    return { ...line, text: `${breakLine(line.text.slice(0, -1), kind, format, random)}\n`, broken: kind };
  };
}
