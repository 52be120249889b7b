/** Shows on a terminal how much was read, when work takes more than two seconds, and wipes that away at the end. */

const FIRST_MS = 2000;
const EVERY_MS = 500;

/** Counts bytes that are read, and shows their number. */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #name: string;
  readonly #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #shown = false;

  constructor(visible: boolean, write: (text: string) => void, name: string) {
    this.#write = write;
    this.#name = name;
    const started = Date.now();
    // An interval that does not keep the process alive, and says nothing while nothing is read.
    if (visible)
      this.#timer = setInterval(() => Date.now() - started >= FIRST_MS && this.#show(), EVERY_MS).unref();
  }

  /** The same chunks; counts their bytes. */
  async *bytes(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#bytes += chunk.length;
      yield chunk;
    }
  }

  /** Counts bytes that were read elsewhere. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Makes room for output, which may go to the same terminal. */
  wipe(): void {
    if (this.#shown) this.#write('\r\u001b[K');
    this.#shown = false;
  }

  close(): void {
    clearInterval(this.#timer);
    this.wipe();
  }

  #show(): void {
    if (this.#bytes === 0) return;
    this.#shown = true;
    this.#write(`\r\u001b[K${this.#name}: ${(this.#bytes / 1e6).toFixed(1)} MB read`);
  }
}
