/** The globals of the WebAssembly module: numbers that the kernel and its host exchange by name. */

import type { Span } from '../../stats/windows.ts';
import type { Exports } from './readings-abi.ts';

export class Globals {
  readonly #exports: Exports;

  constructor(exports: Exports) {
    this.#exports = exports;
  }

  get(name: string): number {
    return Number((this.#exports[name] as WebAssembly.Global).value);
  }

  /** As an unsigned number: WebAssembly returns signed 32-bit integers. */
  address(name: string): number {
    return this.get(name) >>> 0;
  }

  set(name: string, value: number): void {
    (this.#exports[name] as WebAssembly.Global).value = value;
  }

  setSpan(name: 'pane' | 'window', { start, end }: Span): void {
    this.set(`${name}Start`, start);
    this.set(`${name}End`, end);
  }
}
