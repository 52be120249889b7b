/**
 * Writes output in blocks: of 64 KiB, or of less as soon as the event loop is idle; on a terminal at once. Nothing is
 * written after a failed write.
 */

const BLOCK = 1 << 16;

/** An error of a write to stdout, its cause, so that it is not taken for an error of the tool. */
export class StdoutError extends Error {
  /** Bytes of the block that were written before the error. */
  readonly written: number;

  constructor(written: number, options: { cause: unknown }) {
    super('stdout', options);
    this.written = written;
  }
}

/** Collects output into blocks, and writes them one after the other. */
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

  /** @param onError hears of a write that failed while nothing was waiting for it */
  constructor(write: (bytes: Buffer) => Promise<void>, onError: (error: unknown) => void, terminal: boolean) {
    this.#write = write;
    this.#onError = onError;
    this.#terminal = terminal;
  }

  /** Takes text or bytes; waits only when a block is full. @throws what the write threw */
  async add(text: string | Buffer): Promise<void> {
    const piece = typeof text === 'string' ? Buffer.from(text) : text;
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#terminal || this.#size >= BLOCK) await this.flush();
    else this.#idle ??= setImmediate(() => this.flush().catch(this.#onError));
  }

  /** Waits until all that was added is written. @throws what the write threw */
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

  /** Waits until all that was added is written or cannot be. @returns how many bytes were written since the beginning */
  async written(): Promise<number> {
    // `add` and the last `flush` throw the error.
    await this.flush().catch(() => {});
    return this.#written;
  }
}
