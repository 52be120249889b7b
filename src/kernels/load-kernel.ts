/** Loads the code of a WebAssembly kernel, compiled when it is first asked for. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type KernelName = 'readings' | 'weblog';

const compiled = new Map<KernelName, WebAssembly.Module>();

/**
 * The code of the kernel of this name, which may be handed to another thread.
 *
 * @returns undefined where this runtime, or its processor, cannot run it
 */
export function kernelModule(name: KernelName): WebAssembly.Module | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    // dist/ is two folders up from src/kernels as it is from the bundles in dist/tools and dist/counting.
    const file = join(import.meta.dirname, '../../dist', `${name}.wasm`);
    const module = compiled.get(name) ?? new WebAssembly.Module(readFileSync(file));
    compiled.set(name, module);
    return module;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}

/** What is made of a kernel's code; undefined where there is no room for its memory, as under a limit of addresses. */
export function ifRoom<Kernel>(make: () => Kernel): Kernel | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
