/** A growing buffer for an object, or a part of one. */

const FIRST = 1 << 16;

export class Part {
  readonly #most: number;
  #buffer: Buffer;
  #length = 0;

  /** @param most maximum length @param buffer memory to reuse */
  constructor(most: number, buffer: Buffer = Buffer.alloc(0)) {
    this.#most = most;
    this.#buffer = buffer;
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === this.#most;
  }

  /** The underlying memory, to reuse for the next part. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Copies as many bytes as fit. @returns how many */
  add(bytes: Buffer): number {
    const length = Math.min(bytes.length, this.#most - this.#length);
    this.#reserve(this.#length + length);
    bytes.copy(this.#buffer, this.#length, 0, length);
    this.#length += length;
    return length;
  }

  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    const doubled = Math.max(FIRST, 2 * this.#buffer.length, length);
    const buffer = Buffer.allocUnsafeSlow(Math.min(doubled, this.#most));
    this.bytes.copy(buffer);
    this.#buffer = buffer;
  }
}
