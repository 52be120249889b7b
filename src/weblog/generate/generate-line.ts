/** Generates access-log lines from a seed: the same requests on every machine and in every format. */

import { breakLine, DEFECTS, type Defect } from './break-line.ts';
import { errorBursts } from './error-bursts.ts';
import { seededRandom } from './seeded-random.ts';
import { type StatusShare, statusPicker } from './status-shares.ts';
import type { ValuePools } from './value-pools.ts';
import { sessions, singleVisits } from './visitors.ts';
import { type LineFormat, lineWriter, MAX_BYTES, METHODS } from './write-line.ts';

const MIN_BYTES = 5;

/** Each option has its own random stream, so that it does not affect the others. */
const STREAMS = { requests: 1, visitors: 2, bursts: 3, breaks: 4 };

/** What to generate. */
export interface LogSettings {
  /** A non-negative integer. */
  readonly seed: number;
  readonly format: LineFormat;
  readonly statuses: readonly StatusShare[];
  readonly sessions: boolean;
  readonly bursts: boolean;
  /** The share of malformed lines, from 0 to 1. */
  readonly malformed: number;
}

/** A line with its request. */
export interface LogLine {
  /** The line with its newline, as bytes decoded as Latin-1. */
  readonly text: string;
  /** Its defect, if any; the other values are those of the intact line. */
  readonly defect: Defect | undefined;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly status: number;
  readonly bytes: number;
}

/** A function from the time of the next line, in epoch milliseconds, to that line. @param pools from the same seed */
export function lineGenerator(settings: LogSettings, pools: ValuePools): (time: number) => LogLine {
  const { seed, format, statuses, bursts } = settings;
  const random = seededRandom(seed, STREAMS.requests);
  const write = lineWriter(format, pools);
  const visits = settings.sessions ? sessions : singleVisits;
  const visit = visits(pools, seededRandom(seed, STREAMS.visitors));
  const usualStatus = statusPicker(statuses, random);
  const statusInBursts = bursts ? errorBursts(seededRandom(seed, STREAMS.bursts)) : undefined;
  const breakSome = breaker(settings);
  return (time) => {
    const method = random.below(METHODS.length);
    const usual = usualStatus();
    const status = statusInBursts?.(usual) ?? usual;
    const bytes = MIN_BYTES + random.below(MAX_BYTES - MIN_BYTES + 1);
    const text = write({ visit: visit(time), time, method, status, bytes });
    const line = { text, defect: undefined, time, method: METHODS[method] ?? '', status, bytes };
    return breakSome(line);
  };
}

/** A function that breaks the share `malformed` of lines. */
function breaker({ seed, malformed, format }: LogSettings): (line: LogLine) => LogLine {
  if (malformed === 0) return (line) => line;
  const random = seededRandom(seed, STREAMS.breaks);
  return (line) => {
    if (random.share() >= malformed) return line;
    const defect = random.pick(DEFECTS);
    return { ...line, text: `${breakLine(line.text.slice(0, -1), defect, format, random)}\n`, defect };
  };
}
