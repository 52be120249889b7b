/** Shows on a terminal how much has been read, if work takes more than two seconds, and wipes the line at the end. */

import { elapsedMs } from '../async/clock.ts';

const FIRST_MS = 2000;
const EVERY_MS = 500;

/** What a tool is doing. */
interface Progressing {
  /** The tool's name. */
  readonly name: string;
  /** Rows used so far; 0 if the tool does not count them as it goes. */
  rows(): number;
}

/** Counts the bytes read, and shows their number. */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #of: Progressing;
  readonly #begin = elapsedMs();
  readonly #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #shown = false;

  constructor(visible: boolean, write: (text: string) => void, of: Progressing) {
    this.#write = write;
    this.#of = of;
    // The interval does not keep the process alive, and shows nothing while nothing has been read.
    if (visible) this.#timer = setInterval(() => this.#show(), EVERY_MS).unref();
  }

  /** Passes chunks through, and counts their bytes. */
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
    const ms = elapsedMs() - this.#begin;
    if (this.#bytes === 0 || ms < FIRST_MS) return;
    this.#shown = true;
    const read = `${megabytes(this.#bytes)} MB read, ${megabytes((this.#bytes / ms) * 1000)} MB/s`;
    const rows = this.#of.rows();
    this.#write(`\r\u001b[K${this.#of.name}: ${read}${rows === 0 ? '' : `, ${rows} rows`}`);
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
