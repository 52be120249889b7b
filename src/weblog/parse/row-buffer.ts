/** Rows waiting to be written, as text and bytes in order. Memory: these rows. */
export class RowBuffer {
  #pieces: Buffer[] = [];
  #text: string;

  /** @param header the text before the first row */
  constructor(header: string) {
    this.#text = header;
  }

  /** Adds complete rows. */
  addText(text: string): void {
    this.#text += text;
  }

  /** Adds complete rows, which must not change afterwards. */
  addBytes(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#closeText();
    this.#pieces.push(bytes);
  }

  /** Removes and returns the rows since the last call; may be empty. */
  take(): Buffer {
    this.#closeText();
    const [first] = this.#pieces;
    const rows = first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    return rows;
  }

  #closeText(): void {
    if (this.#text !== '') this.#pieces.push(Buffer.from(this.#text));
    this.#text = '';
  }
}
