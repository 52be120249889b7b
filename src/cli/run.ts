/**
 * Runs a tool in a world: reads its command line, connects its input and output, and comes back with the exit status.
 *
 * The world is what `launch` makes of the process, or what a test makes up.
 */

import manifest from '../../package.json' with { type: 'json' };
import { errorCode, errorText, Failure, type Status, status } from '../failure.ts';
import type { OpenFile } from '../files/byte-source.ts';
import { unpacked } from '../files/unpack.ts';
import type { Line } from '../lines/line.ts';
import { splitLines } from '../lines/text-lines.ts';
import { parseCommandLine } from './arguments.ts';
import {
  type ByteStream,
  chunksOf,
  fileChunks,
  openFile,
  openPipe,
  openSource,
  STDIN,
  type StdinPipe,
} from './input.ts';
import { Output, StdoutError } from './output.ts';
import { Progress } from './progress.ts';
import { Rejects } from './rejects.ts';
import type { Io, MaxRejects, ParsedOptions, Tool } from './tool.ts';

export interface World {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  openStdin(): ByteStream;
  /** Stdin when it is a pipe; undefined otherwise. */
  stdinPipe(): StdinPipe | undefined;
  /** Stdin when it is a regular file, at the place where it is; undefined otherwise. */
  stdinFile(): OpenFile | undefined;
  /** Resolves when all bytes are with the operating system. @throws StdoutError */
  writeStdout(bytes: Buffer): Promise<void>;
  writeStderr(text: string): void;
  readonly stdoutIsTerminal: boolean;
  /** Characters across; 0 when the terminal does not know. */
  stdoutColumns(): number;
  readonly stderrIsTerminal: boolean;
  /** Aborted by a signal. */
  readonly signal: AbortSignal;
  now(): number;
}

/** The exit status; where the world's signal was aborted, the caller dies by that signal instead. */
export async function runTool(tool: Tool, world: World): Promise<Status> {
  const say = (message: string) => world.writeStderr(`${tool.name}: ${message}\n`);
  const stop = new AbortController();
  const output = new Output(
    (bytes) => world.writeStdout(bytes),
    (error) => stop.abort(error),
    world.stdoutIsTerminal,
  );
  try {
    const commandLine = await parseCommandLine(tool, world.words, world.env, manifest.version);
    if (commandLine.kind === 'run') {
      return await runParsed(tool, commandLine.options, commandLine.operands, { world, output, say, stop });
    }
    await output.add(commandLine.text);
    await output.flush();
    return status.ok;
  } catch (error) {
    return explainEnd(error, world, say);
  }
}

interface Connections {
  readonly world: World;
  readonly output: Output;
  readonly say: (message: string) => void;
  readonly stop: AbortController;
}

async function runParsed(
  tool: Tool,
  options: ParsedOptions,
  operands: readonly string[],
  { world, output, say, stop }: Connections,
): Promise<Status> {
  const settings = readSettings(options);
  const warn = settings.quiet ? () => {} : say;
  const rejects = new Rejects(settings, warn);
  const progress = new Progress(
    world.stderrIsTerminal && !settings.quiet,
    (text) => world.writeStderr(text),
    tool.name,
  );
  const signal = AbortSignal.any([world.signal, stop.signal]);
  let end: Status = status.ok;
  let stdinIsRead = false;
  const stdin = chunksOf(() => world.openStdin(), STDIN, signal);
  async function* stdinSource() {
    const pipe = world.stdinPipe();
    if (pipe === undefined) yield openSource(STDIN, world.stdinFile(), progress.bytes(stdin));
    else yield* openPipe(STDIN, pipe, progress.bytes(chunksOf(() => pipe, STDIN, signal)), signal);
  }
  const io: Io = {
    stdin: progress.bytes(stdin),
    async *lines(files) {
      for (const file of files.length === 0 ? ['-'] : files) {
        const name = file === '-' ? STDIN : file;
        const chunks = progress.bytes(file === '-' ? stdin : fileChunks(file, signal));
        yield* splitLines(unpacked(chunks, name), name, io.reject);
      }
    },
    async *sources(files) {
      for (const file of files.length === 0 ? ['-'] : files) {
        if (file !== '-') yield* openFile(file, (path) => progress.bytes(fileChunks(path, signal)));
        // The second time nothing is left of it, even of a file.
        else if (!stdinIsRead) yield* stdinSource();
        if (file === '-') stdinIsRead = true;
      }
    },
    progress: (bytes) => progress.add(bytes),
    written: () => output.written(),
    listsRejects: rejects.listsAll,
    reject: (line: Line, rejection, times) => rejects.reject(line, rejection, times),
    accept: (count) => rejects.accept(count),
    warn,
    explain: settings.verbose ? say : () => {},
    fail(failure) {
      if (!(failure instanceof Failure)) throw failure;
      say(failure.message);
      end = failure.status;
    },
    signal,
    now: () => world.now(),
    env: world.env,
    columns: () => (world.stdoutIsTerminal ? world.stdoutColumns() : undefined),
  };
  try {
    for await (const text of tool.run(options, io, operands)) {
      progress.wipe();
      await output.add(text);
      signal.throwIfAborted();
    }
    await output.flush();
  } catch (error) {
    end = explainEnd(await flushed(output, error), world, say);
  } finally {
    progress.close();
    // A tool that failed may have asked for more input; a process that waits for it would not end.
    stop.abort(new Error('the tool has ended'));
  }
  const tooManyRejects = rejects.close();
  return end === status.ok && tooManyRejects ? status.data : end;
}

/** What was yielded before an error is still written; a failure of that write is the worse news. */
async function flushed(output: Output, error: unknown): Promise<unknown> {
  try {
    await output.flush();
    return error;
  } catch (outputError) {
    return outputError;
  }
}

/** One line for what is expected, a stack for a bug, nothing for a reader that went away or for a signal. */
function explainEnd(error: unknown, world: World, say: (message: string) => void): Status {
  if (world.signal.aborted) return status.ok;
  if (error instanceof StdoutError) {
    if (errorCode(error.cause) === 'EPIPE') return status.ok;
    say(`write error: ${errorText(error.cause)}`);
    return status.io;
  }
  if (error instanceof Failure) {
    say(error.message);
    return error.status;
  }
  say(`this is a bug: ${error instanceof Error ? error.stack : String(error)}`);
  return status.software;
}

function readSettings(options: ParsedOptions) {
  // Tools that take no lines do not declare these.
  const settings = options as {
    quiet: boolean;
    verbose: boolean;
    rejects?: string;
    strict?: boolean;
    'max-rejects'?: MaxRejects;
  };
  return {
    quiet: settings.quiet,
    verbose: settings.verbose,
    file: settings.rejects,
    strict: settings.strict === true,
    max: settings['max-rejects'],
  };
}
