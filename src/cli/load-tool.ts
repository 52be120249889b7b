/**
 * Loads a built tool, whose code is compiled once and kept: to compile it takes longer than the work of most runs. From
 * Node 22 on Node can do that by itself, but keeps for ever what the first run has needed, were it only `--version`.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type { launch } from './launch.ts';
import type { Tool } from './tool.ts';

interface Built {
  readonly launch: typeof launch;
  readonly tool: Tool;
}

/** Part of each doubling of the kept code's age in which runs look again whether more is to keep: often at first, then seldom. */
const LOOKING = 0.1;
/** Code that is this much larger than the kept one, as a ratio, is kept in its place. */
const WORTH = 1.05;

/** What Node puts around a module. */
const HEAD = Buffer.from('(function (exports, require, module, __filename, __dirname) { ');
const TAIL = Buffer.from('\n})');

const folder = join(import.meta.dirname, '..');
const cacheFolder = join(folder, 'cache');

/** A tool and what launches it, from `dist`. @throws when it is not built */
export function loadTool(name: string): Built {
  const file = join(folder, 'tools', `${name}.cjs`);
  // For the libraries that a tool may load. Before Node 22 there is no such thing, and to look for it takes 0.2 ms.
  if (Number.parseInt(process.versions.node, 10) >= 22)
    require('node:module').enableCompileCache(cacheFolder);
  // What this bundle requires a tool can require as well: they are in sibling folders.
  return process.env.NODE_DISABLE_COMPILE_CACHE ? require(file) : loadCompiled(name, file);
}

function loadCompiled(name: string, file: string): Built {
  const { size, mtimeMs } = statSync(file);
  // The engine looks only at its own version and the length of the source.
  const path = join(cacheFolder, `${name}-${process.version}-${process.arch}-${size}-${mtimeMs}`);
  const kept = readKept(path);
  // A bundle is ASCII. Decoded as that, in one piece, it takes 2 ms less than text that is wrapped, and the collector rests.
  const source = Buffer.concat([HEAD, readFileSync(file), TAIL]).toString('latin1');
  const script = new Script(source, { filename: file, cachedData: kept?.code });
  const module = { exports: {} as Built };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
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

/**
 * A file holds its code twice. The engine takes damaged code for good, and crashes, hangs, or computes nonsense; two copies are
 * not damaged alike. To compare them takes 0.1 ms; to compute a checksum, or to load what does, several.
 */
function readKept(path: string): Kept | undefined {
  try {
    const copies = readFileSync(path);
    const code = copies.subarray(0, copies.length / 2);
    if (!code.equals(copies.subarray(code.length))) return undefined;
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
    writeFileSync(next, Buffer.concat([code, code]), { flush: true });
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
