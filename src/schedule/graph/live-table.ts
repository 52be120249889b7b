/** A live table of the tasks of a run on a terminal, redrawn in place when a state changes, and each second. */

import type { TaskRow, TaskState } from '../../ledger/records.ts';
import type { TaskChange } from '../../ledger/tasks.ts';
import type { Graph } from './graph.ts';
import type { LiveView } from './run-report.ts';

/** How long a redraw waits for further changes. */
const EVERY_MS = 100;
/** While a task runs, its seconds advance. */
const SECOND_MS = 1000;
/** Of more tasks, only the most interesting are shown. */
const MAX_LINES = 16;
/** Maximum length of a name: a longer one would push the states off the screen. */
const MAX_LETTERS = 36;
/** Assumed where the width of the terminal is unknown. */
const USUAL_COLUMNS = 80;

export interface TerminalView {
  /** Whether to write colours. */
  readonly colour: boolean;
  /** Whether it shows UTF-8. */
  readonly unicode: boolean;
  /** Current width in characters; 0 or undefined when unknown. */
  columns(): number | undefined;
  /** Current height in lines; 0 or undefined when unknown. */
  rows(): number | undefined;
  /** Resolves when the text is written. If it rejects, the tool ends by itself. */
  write(text: string): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
}

interface Line {
  readonly name: string;
  state: TaskState;
  start: number | undefined;
  end: number | undefined;
  status: number | undefined;
  reason: TaskRow['reason'];
}

export class LiveTable implements LiveView {
  readonly #lines: Map<string, Line>;
  readonly #view: TerminalView;
  readonly #width: number;
  /** Number of lines that the table takes up now. */
  #drawn = 0;
  /** Settles when everything so far is written. */
  #written = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ tasks }: Graph, view: TerminalView) {
    this.#view = view;
    this.#lines = new Map([...tasks.keys()].map((name) => [name, newLine(name)]));
    this.#width = [...tasks.keys()].reduce((most, name) => Math.max(most, shortened(name).length), 0);
  }

  change({ task, state, status, reason }: TaskChange): void {
    const line = this.#lines.get(task);
    // A change of an item: items have no line of their own.
    if (line === undefined) return;
    if (state === 'running') line.start ??= this.#view.now();
    line.end =
      state === 'success' || state === 'failed' || state === 'skipped' ? this.#view.now() : undefined;
    Object.assign(line, { state, status, reason });
    this.#drawIn(EVERY_MS);
  }

  /** Draws the final table, if anything has happened, and leaves it on the screen. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#isClosed = true;
    if (this.#timer !== undefined) await this.#draw();
  }

  /** Wipes the table, so that a lasting message takes its place, and draws it again below. */
  beside(say: () => void): void {
    if (this.#isClosed) {
      say();
      return;
    }
    const wipe = this.#drawn === 0 ? '' : `${upBy(this.#drawn)}\u001b[J`;
    this.#drawn = 0;
    this.#written = this.#write(wipe).then(say);
    this.#drawIn(EVERY_MS);
  }

  #drawIn(ms: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#draw();
      if ([...this.#lines.values()].some(({ state }) => state === 'running')) this.#drawIn(SECOND_MS);
    }, ms);
  }

  /** Overwrites each line instead of wiping the table first, so that nothing flickers. */
  #draw(): Promise<void> {
    // A line that wraps would take up two.
    const width = Math.max(1, (this.#view.columns() || USUAL_COLUMNS) - 1);
    // Lines that have scrolled off the top cannot be overwritten; the cursor needs a line below.
    const height = Math.max(1, (this.#view.rows() || Number.POSITIVE_INFINITY) - 1);
    const lines = this.#shown(Math.min(MAX_LINES, height - 1)).map((line) => this.#text(line, width));
    lines.push(this.#sum().slice(0, width));
    const up = upBy(Math.min(this.#drawn, height));
    this.#drawn = Math.min(Math.max(this.#drawn, lines.length), height);
    const rest = '\u001b[K\n'.repeat(Math.max(0, this.#drawn - lines.length));
    this.#written = this.#write(`${up}${lines.map((line) => `${line}\u001b[K\n`).join('')}${rest}`);
    return this.#written;
  }

  /** Queues text behind earlier writes. */
  #write(text: string): Promise<void> {
    return this.#written.then(() => this.#view.write(text)).catch(() => {});
  }

  /** The lines to show, in the order of the file. */
  #shown(most: number): Line[] {
    const all = [...this.#lines.values()];
    if (all.length <= most) return all;
    const first = all.toSorted((a, b) => INTEREST[a.state] - INTEREST[b.state]).slice(0, most);
    const shown = new Set(first);
    return all.filter((line) => shown.has(line));
  }

  #text({ name, state, start, end, status, reason }: Line, width: number): string {
    const seconds = start === undefined ? '' : `${(((end ?? this.#view.now()) - start) / 1000).toFixed(1)}s`;
    const why = [reason ?? '', status === undefined || status === 0 ? '' : `exit status ${status}`];
    const { sign, ascii, colour } = SHOWN[state];
    const mark = this.#view.unicode ? sign : ascii;
    const facts = [seconds.padStart(8), ...why.filter((word) => word !== '')].join('  ');
    const text = `${mark} ${shortened(name).padEnd(this.#width)}  ${state.replaceAll('_', ' ').padEnd(15)}${facts}`;
    const cut = text.trimEnd().slice(0, width);
    return this.#view.colour && colour !== 0 ? `\u001b[${colour}m${cut}\u001b[0m` : cut;
  }

  #sum(): string {
    const counts = new Map<TaskState, number>();
    for (const { state } of this.#lines.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
    const words = [...counts].map(([state, count]) => `${count} ${state.replaceAll('_', ' ')}`);
    return `${this.#lines.size} tasks: ${words.join(', ')}`;
  }
}

/** Moves the cursor to the beginning of the line that is `lines` above. */
function upBy(lines: number): string {
  return lines === 0 ? '' : `\u001b[${lines}F`;
}

/** Keeps the beginning and the end of a long name, since names mostly differ at the end. */
function shortened(name: string): string {
  return name.length <= MAX_LETTERS ? name : `${name.slice(0, 12)}...${name.slice(15 - MAX_LETTERS)}`;
}

function newLine(name: string): Line {
  return { name, state: 'none', start: undefined, end: undefined, status: undefined, reason: undefined };
}

/** States to show first where there is no room for all. */
const INTEREST: Readonly<Record<TaskState, number>> = {
  ...{ running: 0, failed: 1, up_for_retry: 2, queued: 3, scheduled: 4, upstream_failed: 5 },
  ...{ success: 6, skipped: 7, none: 8, removed: 9 },
};

/** The same signs as in `runs`. Colours are SGR codes of ECMA-48; 0 for none. */
const SHOWN: Readonly<Record<TaskState, { sign: string; ascii: string; colour: number }>> = {
  none: { sign: ' ', ascii: ' ', colour: 2 },
  scheduled: { sign: '…', ascii: ':', colour: 2 },
  queued: { sign: '…', ascii: ':', colour: 2 },
  running: { sign: '▶', ascii: '>', colour: 36 },
  success: { sign: '✓', ascii: '+', colour: 32 },
  failed: { sign: '✗', ascii: 'x', colour: 31 },
  up_for_retry: { sign: '↻', ascii: '~', colour: 33 },
  upstream_failed: { sign: '✗', ascii: 'x', colour: 33 },
  skipped: { sign: '-', ascii: '-', colour: 2 },
  removed: { sign: '-', ascii: '-', colour: 2 },
};
