/** The little of WebAssembly that is used: the types of Node 20 have none of it. */
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
