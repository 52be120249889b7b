/** Runs a tool in this process: at a fixed time, and faster than as a program. */

import { Readable } from 'node:stream';
import type { StdinPipe } from '../src/cli/input.ts';
import { runTool } from '../src/cli/run.ts';
import type { Tool } from '../src/cli/tool.ts';
import type { Ended } from './harness.ts';

interface ProcessOptions {
  /** The time in epoch ms; 0 by default. */
  readonly now?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The terminal width at stdout; undefined for a pipe. */
  readonly columns?: number;
  /** The terminal height; by default 0, for unknown. */
  readonly rows?: number;
  readonly stdin?: Buffer;
  /** Makes stdin a pipe, from which a read returns at most one of these. */
  readonly pipe?: readonly Buffer[];
  /** The encoding of the output; `latin1` for binary output. */
  readonly encoding?: BufferEncoding;
}

/** Runs a tool to completion. */
export async function runInProcess(
  tool: Tool,
  words: readonly string[],
  { now = 0, env = {}, columns, rows = 0, stdin = Buffer.of(), pipe, encoding = 'utf8' }: ProcessOptions,
) {
  const written: Buffer[] = [];
  let stderr = '';
  const status = await runTool(tool, {
    words,
    wordsAreExact: () => true,
    env,
    openStdin: () => (pipe === undefined ? Readable.from([stdin]) : pipeOf(pipe)),
    stdinPipe: () => (pipe === undefined ? undefined : pipeOf(pipe)),
    stdinFile: () => undefined,
    writeStdout: async (bytes) => {
      written.push(Buffer.from(bytes));
    },
    writeStderr: (text) => {
      stderr += text;
    },
    streamIdentity: () => undefined,
    stdoutIsTerminal: columns !== undefined,
    stdoutColumns: () => columns ?? 0,
    stdoutRows: () => rows,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
    insist: new AbortController().signal,
    stdoutIsBroken: async () => false,
    now: () => now,
  });
  return { stdout: Buffer.concat(written).toString(encoding), stderr, status };
}

/** As `run` of `harness.ts`, but much faster; for behaviour that does not depend on a process of its own. */
export async function runHere(
  tool: Tool,
  words: readonly string[],
  { stdin = '', env = {} }: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const options = { stdin: Buffer.from(stdin), env, now: Date.now() };
  return { ...(await runInProcess(tool, words, options)), signal: null };
}

function pipeOf(chunks: readonly Buffer[]): StdinPipe {
  const left = chunks.filter(({ length }) => length > 0);
  return {
    read(space) {
      const [first] = left;
      if (first === undefined) return 0;
      const length = first.copy(space);
      if (length < first.length) left[0] = first.subarray(length);
      else left.shift();
      return length;
    },
    peek: async (length) => Buffer.concat(left).subarray(0, length),
    arrival: async () => {},
    destroy: () => {},
    async *[Symbol.asyncIterator]() {
      const space = Buffer.alloc(1 << 16);
      for (let length = this.read(space) ?? 0; length > 0; length = this.read(space) ?? 0)
        yield Buffer.from(space.subarray(0, length));
    },
  };
}
