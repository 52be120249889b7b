/** Runs a tool in this process, in a world that the test makes up. */

import { Readable } from 'node:stream';
import { runTool } from '../src/cli/run.ts';
import type { Tool } from '../src/cli/tool.ts';

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Of the terminal that stdout is; undefined for a pipe. */
  readonly columns?: number;
  readonly now?: number;
}

export async function runHere(tool: Tool, words: readonly string[], surroundings: Surroundings = {}) {
  const { env = {}, stdin = '', columns, now = 0 } = surroundings;
  let stdout = '';
  let stderr = '';
  const status = await runTool(tool, {
    words,
    env,
    openStdin: () => Readable.from([Buffer.from(stdin)]),
    stdinFile: () => undefined,
    writeStdout: async (bytes) => {
      stdout += bytes;
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
  return { stdout, stderr, status };
}
