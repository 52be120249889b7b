/** The code of a kernel, compiled when it is first asked for. */

import { readFileSync } from 'node:fs';

const compiled = new Map<string, WebAssembly.Module>();

/**
 * The code of this name, which another thread can be given; undefined where this runtime, or its processor, cannot run
 * it.
 */
export function kernelModule(name: 'kernel' | 'weblog'): WebAssembly.Module | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    // Both from src/kernel and from dist/tools it is two folders up.
    const file = new URL(`../../dist/${name}.wasm`, import.meta.url);
    const module = compiled.get(name) ?? new WebAssembly.Module(readFileSync(file));
    compiled.set(name, module);
    return module;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}
