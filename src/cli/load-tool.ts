/**
 * Loads a built tool, whose code is compiled once and kept: to compile it takes longer than the work of most runs. From
 * Node 22 on Node can do that; before, the code is kept here.
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

/** Part of each doubling of the kept code's age in which runs look again whether more is to keep: often at first, then seldom. */
const LOOKING = 0.1;
/** Code that is this much larger than the kept one, as a ratio, is kept in its place. */
const WORTH = 1.05;

const folder = join(__dirname, '..');
const cacheFolder = join(folder, 'cache');

/** A tool and what launches it, from `dist`. @throws when it is not built */
export function loadTool(name: string): Built {
  const file = join(folder, 'tools', `${name}.cjs`);
  if (node.enableCompileCache !== undefined) node.enableCompileCache(cacheFolder);
  else if (!process.env.NODE_DISABLE_COMPILE_CACHE) return loadCompiled(name, file);
  return Module.createRequire(file)(file);
}

function loadCompiled(name: string, file: string): Built {
  const { size, mtimeMs } = statSync(file);
  // The engine looks only at its own version and the length of the source.
  const path = join(cacheFolder, `${name}-${process.version}-${process.arch}-${size}-${mtimeMs}`);
  const kept = readKept(path);
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    cachedData: kept?.code,
  });
  const module = { exports: {} as Built };
  script.runInThisContext()(module.exports, Module.createRequire(file), module, file, dirname(file));
  const known = script.cachedDataRejected === true ? undefined : kept;
  const isUsual = !process.argv.some((word) => /^(?:--(?:help|version)|-[hV])$/.test(word));
  // At the end of a good run all is compiled that it needs.
  if (isUsual && (known === undefined || Math.log2(known.ageMs) % 1 < LOOKING))
    process.once('exit', (status) => status === 0 && keep(path, script, known?.code.length ?? 0));
  return module.exports;
}

interface Kept {
  readonly code: Buffer;
  readonly ageMs: number;
}

function readKept(path: string): Kept | undefined {
  try {
    const code = readFileSync(path);
    return { code, ageMs: Date.now() - statSync(path).mtimeMs };
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
    writeFileSync(next, code);
    renameSync(next, path);
  } catch {
    // The folder is not ours to write, or the disk is full: it works without, only slower.
    tryToRemove(next);
  }
}

function tryToRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is in a folder of others, where it was not written either.
  }
}
