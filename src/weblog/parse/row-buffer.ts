/** Rows that wait to be written, of texts and bytes in their order. Memory: these rows. */
export class Rows {
  #pieces: Buffer[] = [];
  #text: string;

  /** With what stands before the first row. */
  constructor(header: string) {
    this.#text = header;
  }

  addText(text: string): void {
    this.#text += text;
  }

  addBytes(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#closeText();
    this.#pieces.push(bytes);
  }

  /** All since this was asked last. */
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
