/** Runs a tool in this process: at a fixed time, and faster than a program starts. */

import { Readable } from 'node:stream';
import { runTool } from '../src/cli/run.ts';
import type { Tool } from '../src/cli/tool.ts';

interface ProcessOptions {
  /** The time in epoch milliseconds, 0 by default. */
  readonly now?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The width of the terminal at stdout; undefined for a pipe. */
  readonly columns?: number;
  readonly stdin?: Buffer;
  /** The encoding of the output; `latin1` if it may not be text. */
  readonly encoding?: BufferEncoding;
}

/** Runs a tool with these arguments to its end. */
export async function runInProcess(
  tool: Tool,
  words: readonly string[],
  { now = 0, env = {}, columns, stdin = Buffer.of(), encoding = 'utf8' }: ProcessOptions,
) {
  const written: Buffer[] = [];
  let stderr = '';
  const status = await runTool(tool, {
    words,
    env,
    openStdin: () => Readable.from([stdin]),
    stdinPipe: () => undefined,
    stdinFile: () => undefined,
    writeStdout: async (bytes) => {
      written.push(Buffer.from(bytes));
    },
    writeStderr: (text) => {
      stderr += text;
    },
    stdoutIsTerminal: columns !== undefined,
    stdoutColumns: () => columns ?? 0,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
    now: () => now,
  });
  return { stdout: Buffer.concat(written).toString(encoding), stderr, status };
}
