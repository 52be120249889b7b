/** Real servers for tests, each started by its `scripts/servers/NAME.sh`. */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll } from 'vitest';
import { root } from './harness.ts';

export interface Server {
  /** The first line that its script printed. */
  address(): string;
  /** Sends a line to its script. @returns the next line that it prints */
  tell(command: string): Promise<string>;
}

/** Whether it is installed; in CI it must be. */
export function hasServer(name: string): boolean {
  const { status, stderr } = spawnSync(scriptOf(name), ['check'], { encoding: 'utf8' });
  if (status === 0) return true;
  if (process.env.CI) throw new Error(stderr);
  process.stderr.write(`not tested: ${stderr}`);
  return false;
}

/** A server for the duration of the calling file or block. */
export function server(name: string, ...words: string[]): Server {
  let address = '';
  let tell: Server['tell'] = async () => {
    throw new Error(`${name}.sh is not running`);
  };
  let end = async () => {};
  beforeAll(async () => {
    const child = spawn(scriptOf(name), words, { stdio: ['pipe', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const line = async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name}.sh has ended`);
      return String(value);
    };
    tell = async (command) => {
      child.stdin.write(`${command}\n`);
      return line();
    };
    end = async () => {
      child.stdin.end();
      await closed;
    };
    address = await line();
  });
  afterAll(() => end());
  return { address: () => address, tell: (command) => tell(command) };
}

/** The output of a script that exits by itself. */
export function printed(name: string, ...words: string[]): string {
  return execFileSync(scriptOf(name), words, { encoding: 'utf8' }).trim();
}

function scriptOf(name: string): string {
  return join(root, 'scripts', 'servers', `${name}.sh`);
}
