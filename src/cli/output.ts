/**
 * Writes output in blocks of 64 KiB, or smaller ones once the event loop is idle; on a terminal at once. After a failed write
 * nothing more is written.
 */

const BLOCK = 1 << 16;

/** Wraps an error of a write to stdout, so that it is not taken for an error of the tool. */
export class StdoutError extends Error {
  /** Bytes of the block that were written before the error. */
  readonly written: number;

  constructor(written: number, options: { cause: unknown }) {
    super('stdout', options);
    this.written = written;
  }
}

/** Collects output into blocks, and writes them in order. */
export class Output {
  readonly #write: (bytes: Buffer) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #terminal: boolean;
  #pieces: Buffer[] = [];
  #size = 0;
  #writing: Promise<void> = Promise.resolve();
  #idle: NodeJS.Immediate | undefined;
  #error: { readonly cause: unknown } | undefined;
  #written = 0;

  /** @param onError called when a write fails that nobody is waiting for */
  constructor(write: (bytes: Buffer) => Promise<void>, onError: (error: unknown) => void, terminal: boolean) {
    this.#write = write;
    this.#onError = onError;
    this.#terminal = terminal;
  }

  /** Adds text or bytes; waits only if a block is full. @throws what the write threw */
  async add(text: string | Buffer): Promise<void> {
    const piece = typeof text === 'string' ? Buffer.from(text) : text;
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#terminal || this.#size >= BLOCK) await this.flush();
    else this.#idle ??= setImmediate(() => this.flush().catch(this.#onError));
  }

  /** Waits until everything added is written. @throws what the write threw */
  async flush(): Promise<void> {
    clearImmediate(this.#idle);
    this.#idle = undefined;
    const [first] = this.#pieces;
    const block = first && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    this.#writing = this.#writing.then(async () => {
      if (this.#error || block.length === 0) return;
      try {
        await this.#write(block);
        this.#written += block.length;
      } catch (cause) {
        this.#error = { cause };
        if (cause instanceof StdoutError) this.#written += cause.written;
      }
    });
    await this.#writing;
    if (this.#error) throw this.#error.cause;
  }

  /** Waits until everything added is written or has failed. @returns total bytes written */
  async written(): Promise<number> {
    // The error is thrown by `add` and the last `flush`.
    await this.flush().catch(() => {});
    return this.#written;
  }
}
