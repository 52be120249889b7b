/** Loads the code of a WebAssembly kernel; compiles it on first use. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type KernelName = 'readings' | 'weblog';

const compiled = new Map<KernelName, WebAssembly.Module>();

/**
 * The compiled kernel of this name. It may be sent to another thread.
 *
 * @returns undefined if this runtime, or its processor, cannot run it
 */
export function kernelModule(name: KernelName): WebAssembly.Module | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    // dist/ is two folders up from src/kernels, and also from the bundles in dist/tools and dist/counting.
    const file = join(import.meta.dirname, '../../dist', `${name}.wasm`);
    const module = compiled.get(name) ?? new WebAssembly.Module(readFileSync(file));
    compiled.set(name, module);
    return module;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}

/** Returns what `make` builds from a kernel's code; undefined if its memory cannot be allocated, as under `ulimit -v`. */
export function ifRoom<Kernel>(make: () => Kernel): Kernel | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
