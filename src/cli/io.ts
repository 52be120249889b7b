/** Connects a tool to the world of its process. */

import type { ByteSource, OpenFile } from '../files/byte-source.ts';
import type { StreamIdentity } from '../files/command-files.ts';
import { type Line, type Reject, STDIN } from '../lines/line.ts';
import type { TextForm } from '../lines/text-form.ts';
import { splitLines } from '../lines/text-lines.ts';
import {
  type ByteStream,
  chunksOf,
  fileChunks,
  openFile,
  openPipe,
  openSource,
  type StdinPipe,
} from './input.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';
import type { Rejects } from './rejects.ts';
import type { Report } from './report.ts';
import { type Origin, openText } from './text.ts';
import { type Io, inputFiles } from './tool.ts';

/** The process as a tool sees it; tests supply their own. */
export interface World {
  readonly words: readonly string[];
  /** Whether the command line was valid UTF-8; asked only if a word has U+FFFD. */
  wordsAreExact(): boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  openStdin(): ByteStream;
  /** Stdin, if it is a pipe; otherwise undefined. */
  stdinPipe(): StdinPipe | undefined;
  /** Stdin from its current offset, if it is a regular file; otherwise undefined. */
  stdinFile(): OpenFile | undefined;
  /** Resolves once the operating system has taken all bytes. @throws StdoutError */
  writeStdout(bytes: Buffer): Promise<void>;
  writeStderr(text: string | Buffer): void;
  readonly streamIdentity: StreamIdentity;
  /** Whether stdout has lost its reader. */
  stdoutIsBroken(): Promise<boolean>;
  readonly stdoutIsTerminal: boolean;
  /** Width of the terminal in characters; 0 when unknown. */
  stdoutColumns(): number;
  /** Height of the terminal in lines; 0 when unknown. */
  stdoutRows(): number;
  readonly stderrIsTerminal: boolean;
  /** Aborted by a signal. */
  readonly signal: AbortSignal;
  /** Aborted by a second signal, for tools that run commands. */
  readonly insist: AbortSignal;
  /** Calls the listener at each SIGHUP of a tool that `reloads`. */
  onHangup?(listener: () => void): void;
  /** Called if the tool runs a command: then no time limit applies after the first signal. */
  giveTime?(): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** Where the tool's messages, output, rejected lines and progress go. */
interface Connections extends Pick<Io, 'warn' | 'explain' | 'fail' | 'conclude' | 'signal'> {
  readonly output: Output;
  readonly rejects: Rejects;
  readonly progress: Progress;
  readonly report: Report;
}

/** Whether the input is a batch from queue-take or get-events. */
export function isBatch(env: World['env']): boolean {
  return Boolean(env.ETL_BATCH);
}

/** The Io of a tool. Nothing is opened before the tool asks for it. */
export function connect(world: World, connections: Connections): Io {
  const { output, rejects, progress, report, warn, explain, fail, conclude, signal } = connections;
  const input = new Input(world, progress, { signal, warn });
  const reject: Io['reject'] = (line, rejection, times) => rejects.reject(line, rejection, times);
  return {
    stdin: input.stdin,
    lines: (files, form) => input.lines(files, form, reject),
    sources: (files, form) => input.sources(files, form),
    progress: (bytes) => progress.add(bytes),
    write: (bytes) => output.add(bytes),
    flush: () => output.flush(),
    writeStderr: (bytes) => {
      progress.wipe();
      world.writeStderr(bytes);
    },
    isBatch: isBatch(world.env),
    written: () => output.written(),
    listsRejects: rejects.listsAll,
    reject,
    keepRejects: () => rejects.keep(),
    accept: (count) => rejects.accept(count),
    count: (rows) => report.count(rows),
    pass: (count) => {
      rejects.accept(count);
      report.count({ out: count });
    },
    warn,
    explain,
    fail,
    conclude,
    signal,
    insist: world.insist,
    onHangup: (listener) => world.onHangup?.(listener),
    now: () => world.now(),
    env: world.env,
    columns: () => (world.stdoutIsTerminal ? world.stdoutColumns() : undefined),
    rows: () => (world.stdoutIsTerminal ? world.stdoutRows() : undefined),
  };
}

/** The input of a tool: files, or stdin for `-` and without files. */
class Input {
  readonly stdin: AsyncIterable<Buffer>;
  readonly #world: World;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  readonly #warn: Io['warn'];
  #stdinIsRead = false;

  constructor(world: World, progress: Progress, { signal, warn }: Pick<Io, 'signal' | 'warn'>) {
    this.#world = world;
    this.#progress = progress;
    this.#signal = signal;
    this.#warn = warn;
    this.stdin = progress.bytes(chunksOf(() => world.openStdin(), STDIN, signal));
  }

  async *lines(files: readonly string[], form: TextForm | undefined, reject: Reject): AsyncGenerator<Line[]> {
    for (const file of inputFiles(files)) {
      const origin = this.#origin(file === '-' ? STDIN : file, form);
      const text = await openText(file === '-' ? this.stdin : this.#fileChunks(file), origin);
      yield* splitLines(text.chunks(), origin.name, reject, text);
    }
  }

  async *sources(files: readonly string[], form?: TextForm): AsyncGenerator<ByteSource> {
    for (const file of inputFiles(files)) {
      if (file !== '-') yield* openFile(this.#origin(file, form), this.#fileChunks(file));
      // Stdin can be read only once, even if it is a file.
      else if (!this.#stdinIsRead) yield* this.#stdinSource(this.#origin(STDIN, form));
      if (file === '-') this.#stdinIsRead = true;
    }
  }

  async *#stdinSource(origin: Origin): AsyncGenerator<ByteSource> {
    const signal = this.#signal;
    const pipe = this.#world.stdinPipe();
    if (pipe === undefined) yield await openSource(origin, this.#world.stdinFile(), this.stdin);
    else {
      const chunks = this.#progress.bytes(chunksOf(() => pipe, STDIN, signal));
      yield* openPipe(origin, { pipe, chunks, signal });
    }
  }

  #origin(name: string, form: TextForm = {}): Origin {
    return { name, form, warn: this.#warn };
  }

  #fileChunks(path: string): AsyncIterable<Buffer> {
    return this.#progress.bytes(fileChunks(path, this.#signal));
  }
}
