/** The terms of the benchmark. */

/** A program to measure. */
export interface Job {
  readonly name: string;
  /** Program and arguments. */
  readonly words: readonly string[];
  readonly cwd: string;
  /** A program and its file: the job reads that program's output through a pipe. */
  readonly feed?: readonly string[] | undefined;
  readonly stdin?: string | undefined;
  readonly stdout?: string;
  /** Whether it runs only once, because it is slow. */
  readonly once?: boolean;
  /** Whether to measure its CPU time and peak memory (default true). */
  readonly peaks?: boolean;
  /** The parts of its command line around `words`, as one would type them. */
  readonly shown?: { readonly before: string; readonly after: string };
  /** Called before each run, outside the timing. */
  before?(): unknown;
  /** Called after each run, outside the timing. */
  after?(): unknown;
}

/** Medians over the runs of a job; NaN for what was not measured. */
export interface Result<AnyJob extends Job = Job> {
  readonly job: AnyJob;
  readonly runs: number;
  /** Wall time in seconds. */
  readonly seconds: number;
  readonly fastest: number;
  readonly slowest: number;
  /** CPU time in seconds, user and system. */
  readonly cpu: number;
  /** Peak memory in MB. */
  readonly peak: number;
}

/** A target, and the measured value; NaN if a peer was missing. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly most: number;
  /** Ratios if absent. */
  readonly unit?: string;
}

/** A section of the report. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** The size of the input. */
  readonly size?: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly targets: readonly Target[];
  readonly commands?: readonly string[];
}

/** A recorded section, with the date of its measurement: `yyyy-mm-dd`. */
export interface Measured extends Section {
  readonly day: string;
}

/** The contents of BENCHMARKS.md: all sections in order, and a description of the machine by date. */
export interface Results {
  readonly machines: Readonly<Record<string, string>>;
  readonly sections: readonly Measured[];
}

/** The settings of a benchmark: the folder of its inputs, the number of runs, and that 1 / `parts` of the lines are used. */
export interface Settings {
  readonly folder: string;
  readonly runs: number;
  readonly parts: number;
  readonly peers: readonly InstalledPeer[];
}

/** The statistics to compute: count, minimum, maximum and average by sensor, hour or minute; for `medians` also the median. */
export type Question = 'stations' | 'sensors' | 'hours' | 'minutes' | 'medians' | 'json';

/** A work: an input, how it is fed, the question, and our targets. */
export interface Work {
  readonly name: string;
  readonly title: string;
  readonly input: string;
  readonly question: Question;
  /** The program whose output is read instead of the file. */
  readonly feed?: string;
  readonly targets: readonly Bound[];
  /** Maximum memory of get-stats in MB, if not MAX_MEMORY. */
  readonly mostMemory?: number;
}

/** The maximum cost of get-stats, as a ratio to a peer. */
export interface Bound {
  /** Default `seconds`. */
  readonly of?: 'seconds' | 'cpu' | 'peak';
  readonly beside: string;
  readonly most: number;
}

/** Program and arguments for a file; without a file it reads stdin. */
export type Command = (file?: string) => string[];

/** A program to compare with, and its command line for each question that it answers. */
export interface Peer extends Partial<Readonly<Record<Question, Command>>> {
  readonly name: string;
  /** The product that the version belongs to, if not `name`. */
  readonly product?: string;
  /** Whether the report lists the product for this peer (default true). */
  readonly listed?: boolean;
  /** How to install it. */
  readonly hint?: string;
  /** Undefined if it is not installed. */
  findVersion(): string | undefined;
  /** The kind of its output; absent if it cannot be checked. */
  readonly answer?: Answer;
  /** Whether it is too slow to run more than once. */
  readonly once?: boolean;
  /** Whether it opens .gz files itself. */
  readonly readsGzip?: boolean;
  /** Whether it reads files only through stdin. */
  readonly stdinOnly?: boolean;
  /** The only works that it takes part in. */
  readonly only?: readonly string[];
}

export type Answer = 'rows' | 'lines' | 'bytes';
export type InstalledPeer = Peer & { readonly version: string | undefined };

/** The machine and the programs on it. */
export interface Machine {
  readonly installed: readonly InstalledPeer[];
  /** Names of missing peers, and how to install them. */
  readonly missing: readonly string[];
  /** The load average before the first run. */
  readonly load: number;
}

/** The statistics of one group. */
export interface Row {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  /** NaN if not requested. */
  readonly median: number;
}

/** Writes line number `line` into the block at `start`, and returns its end. */
export type PutLine = (block: Buffer, start: number, line: number) => number;
