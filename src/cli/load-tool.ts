/**
 * Loads a built tool. Its compiled code is cached in `dist/cache`, since compiling takes longer than the work of most runs.
 * Node 22 and newer have a compile cache, but it keeps for ever what the first run needed, even if that was only `--version`.
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

/** Runs check whether to cache more code in this share of each doubling of its age: often at first, then rarely. */
const CHECK_SHARE = 0.1;
/** Code replaces the cached code only if it is larger by this factor. */
const MIN_GROWTH = 1.05;

/** The function that Node wraps a module in. */
const HEAD = Buffer.from('(function (exports, require, module, __filename, __dirname) { ');
const TAIL = Buffer.from('\n})');

const folder = join(import.meta.dirname, '..');
const cacheFolder = join(folder, 'cache');

/** Loads a built tool by name, with its `launch`. @throws if it is not built */
export function loadTool(name: string): Built {
  const file = join(folder, 'tools', `${name}.cjs`);
  // Node's own cache, for libraries outside the bundle; it checks a hash. Older versions lack it, and asking them takes 0.2 ms.
  if (Number.parseInt(process.versions.node, 10) >= 22)
    require('node:module').enableCompileCache(cacheFolder);
  // The tool may use the `require` of this bundle: relative paths are the same, since both are in folders of `dist`.
  return process.env.NODE_DISABLE_COMPILE_CACHE ? require(file) : loadCompiled(name, file);
}

function loadCompiled(name: string, file: string): Built {
  const { size, mtimeMs } = statSync(file);
  // V8 checks only its own version and flags, and the length of the source.
  const path = join(cacheFolder, `${name}-${process.version}-${process.arch}-${size}-${mtimeMs}`);
  const kept = readKept(path);
  // A bundle is ASCII. Joining bytes and decoding them once saves 2 ms over joining text, and makes no garbage.
  const source = Buffer.concat([HEAD, readFileSync(file), TAIL]).toString('latin1');
  const script = new Script(source, { filename: file, cachedData: kept?.code });
  const module = { exports: {} as Built };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  const known = script.cachedDataRejected === true ? undefined : kept;
  const isUsual = !process.argv.some((word) => /^(?:--(?:help|version)|-[hV])$/.test(word));
  // By the end of a successful run everything it needs has been compiled.
  if (isUsual && (known === undefined || Math.log2(known.ageMs) % 1 < CHECK_SHARE))
    process.once('exit', (status) => status === 0 && keep(path, script, known?.code.length ?? 0));
  return module.exports;
}

interface Kept {
  readonly code: Buffer;
  readonly ageMs: number;
}

/**
 * Reads cached code from a file that holds it twice: V8 trusts damaged code, and crashes, hangs or computes nonsense, but two
 * copies are never damaged alike. Reading and comparing the second one takes 0.2 ms; loading zlib or crypto for a checksum, 2
 * ms or more.
 *
 * @returns undefined if it is missing, damaged or unreadable
 */
function readKept(path: string): Kept | undefined {
  try {
    const copies = readFileSync(path);
    const code = copies.subarray(0, copies.length / 2);
    if (!code.equals(copies.subarray(code.length))) return undefined;
    return { code, ageMs: Date.now() - statSync(path).mtimeMs };
  } catch {
    // Nothing is cached yet, or the file is unreadable.
    return undefined;
  }
}

function keep(path: string, script: Script, knownLength: number): void {
  const code = script.createCachedData();
  if (code.length < knownLength * MIN_GROWTH) return;
  const next = `${path}.${process.pid}`;
  try {
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(next, Buffer.concat([code, code]), { flush: true });
    renameSync(next, path);
  } catch {
    // The folder is not writable, or the disk is full: tools work without a cache, only slower.
    tryToRemove(next);
  }
}

function tryToRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder is not writable, so the file was not written either.
  }
}
