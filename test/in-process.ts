/** Runs a tool in this process: at a fixed time, and a thousand times a minute. */

import { Readable } from 'node:stream';
import { runTool } from '../src/cli/run.ts';
import type { Tool } from '../src/cli/tool.ts';

export interface Surroundings {
  readonly now?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Of the terminal that stdout is; undefined for a pipe. */
  readonly columns?: number;
  readonly stdin?: Buffer;
  /** `latin1` where the output may be no text. */
  readonly encoding?: BufferEncoding;
}

export async function runInProcess(
  tool: Tool,
  words: readonly string[],
  { now = 0, env = {}, columns, stdin = Buffer.of(), encoding = 'utf8' }: Surroundings,
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
