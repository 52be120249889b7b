/**
 * Loads a built tool, whose code is compiled once and kept: to compile it takes longer than most runs take to do their
 * work. From Node 22 on Node can do that; before, the code is kept here.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type { launch } from './launch.ts';
import type { Tool } from './tool.ts';

interface Built {
  readonly launch: typeof launch;
  readonly tool: Tool;
}

/** What Node 22 brought, and its declarations here do not know. */
const node: typeof Module & { enableCompileCache?(folder: string): unknown } = Module;

/** One run of so many. */
const RUNS_TO_LOOK_AGAIN = 16;
/** How much more there must be to keep, as a ratio. */
const WORTH = 1.05;

const folder = join(__dirname, '..');
const cacheFolder = join(folder, 'cache');

export function loadTool(name: string): Built {
  const file = join(folder, 'tools', `${name}.cjs`);
  if (node.enableCompileCache !== undefined) node.enableCompileCache(cacheFolder);
  else if (!process.env.NODE_DISABLE_COMPILE_CACHE) return loadCompiled(name, file);
  return Module.createRequire(file)(file);
}

function loadCompiled(name: string, file: string): Built {
  const { size, mtimeMs } = statSync(file);
  // The engine looks only at its own version and the length of the source.
  const kept = join(cacheFolder, `${name}-${process.version}-${process.arch}-${size}-${mtimeMs}`);
  const cachedData = readKept(kept);
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
  const module = { exports: {} as Built };
  script.runInThisContext()(module.exports, Module.createRequire(file), module, file, dirname(file));
  const known = script.cachedDataRejected === true ? undefined : cachedData;
  const isUsual = !process.argv.some((word) => word === '--help' || word === '--version');
  // At the end of a good run all is compiled that it needs; another run may need more, so some look again.
  const looksAgain = Math.random() * RUNS_TO_LOOK_AGAIN < 1;
  if (isUsual && (known === undefined || looksAgain))
    process.once('exit', (status) => status === 0 && keep(kept, script, known?.length ?? 0));
  return module.exports;
}

function readKept(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // This is its first run, or the folder is not ours to write.
    return undefined;
  }
}

function keep(path: string, script: Script, knownLength: number): void {
  const code = script.createCachedData();
  if (code.length < knownLength * WORTH) return;
  const next = `${path}.${process.pid}`;
  try {
    mkdirSync(cacheFolder, { recursive: true });
  } catch {
    // It works without, only slower.
    return;
  }
  try {
    writeFileSync(next, code);
    renameSync(next, path);
  } catch {
    // Perhaps the disk is full.
    rmSync(next, { force: true });
  }
}
