/** The few parts of WebAssembly that are used; the types of Node 20 lack them. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, (...numbers: number[]) => unknown>>);
    readonly exports: object;
  }

  class CompileError extends Error {}

  interface Memory {
    readonly buffer: ArrayBuffer;
  }

  interface Global {
    value: number;
  }
}
