/** Real servers for tests, each by its `scripts/servers/NAME.sh`. */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll } from 'vitest';
import { root } from './harness.ts';

export interface Server {
  /** What its script printed first. */
  address(): string;
  /** Sends a line to its script. @returns what that prints next */
  tell(command: string): Promise<string>;
}

/** Whether there is one; in CI there must be. */
export function hasServer(name: string): boolean {
  const { status, stderr } = spawnSync(scriptOf(name), ['check'], { encoding: 'utf8' });
  if (status === 0) return true;
  if (process.env.CI) throw new Error(stderr);
  process.stderr.write(`not tested: ${stderr}`);
  return false;
}

/** Runs while the tests of this file, or of the block that calls it, do. */
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

/** What a script prints that ends by itself. */
export function printed(name: string, ...words: string[]): string {
  return execFileSync(scriptOf(name), words, { encoding: 'utf8' }).trim();
}

function scriptOf(name: string): string {
  return join(root, 'scripts', 'servers', `${name}.sh`);
}
