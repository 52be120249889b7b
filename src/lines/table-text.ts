/**
 * Rows as aligned columns for people: numbers to the right, text to the left, two blanks between them.
 *
 * A column is as wide as its widest cell so far, in characters (code points). Rows are kept as bytes until their text is
 * asked for, because an object per row would take ten times the memory.
 */

const NEWLINE = 0x0a;
const BLANK = 0x20;
const COMMA = 0x2c;
/** Separates cells that may contain commas. Control characters are replaced, so no cell contains it. */
const SEPARATOR = 0x1f;
const GAP = 2;
/** Control characters above the blank, and their replacement. */
const CONTROLS = /[\u007f-\u009f]/g;
const REPLACEMENT = '\ufffd';

/** Few enough for a string of them all where a column is as wide as the longest name. */
const ROWS_OF_BLOCK = 1000;
/** Shorter texts are joined, in characters. */
const PIECE = 1 << 20;

/** Rows as lines, their cells separated by one byte. */
interface Block {
  readonly bytes: Uint8Array;
  readonly separator: number;
  readonly rows: number;
}

/** Aligns rows of the same columns. */
export class TableText {
  readonly #isNumber: readonly boolean[];
  #blocks: Block[] = [];
  readonly #widths: number[];

  /** @param isNumber of each column */
  constructor(isNumber: readonly boolean[]) {
    this.#isNumber = isNumber;
    this.#widths = isNumber.map(() => 0);
  }

  /** Adds rows; a missing cell is empty. */
  add(rows: readonly (readonly string[])[]): void {
    const separator = String.fromCharCode(SEPARATOR);
    for (let from = 0; from < rows.length; from += ROWS_OF_BLOCK) {
      const lines = rows
        .slice(from, from + ROWS_OF_BLOCK)
        .map((row) => this.#isNumber.map((_, at) => printable(row[at] ?? '')).join(separator));
      this.#addBlock(Buffer.from(`${lines.join('\n')}\n`), SEPARATOR);
    }
  }

  /** Adds rows of CSV with the same columns, without quotes and, except for DEL, without control characters of ASCII. */
  addCsv(text: Buffer): void {
    // The first bytes, in UTF-8, of the control characters that it may contain.
    const mayHaveControls = text.includes(0x7f) || text.includes(0xc2);
    const shown = mayHaveControls ? Buffer.from(text.toString().replace(CONTROLS, REPLACEMENT)) : text;
    this.#addBlock(shown, COMMA);
  }

  /** The rows that were added since the last call as text, in pieces. */
  *takeText(): Generator<string> {
    const blocks = this.#blocks;
    this.#blocks = [];
    let text = '';
    for (const block of blocks) {
      text += this.#align(block);
      if (text.length < PIECE) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
  }

  #addBlock(bytes: Uint8Array, separator: number): void {
    const widths = this.#widths;
    let [rows, column, width] = [0, 0, 0];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte !== separator && byte !== NEWLINE) {
        if (isFirstOfCharacter(byte)) width++;
        continue;
      }
      if (width > (widths[column] ?? 0)) widths[column] = width;
      width = 0;
      column++;
      if (byte !== NEWLINE) continue;
      rows++;
      column = 0;
    }
    this.#blocks.push({ bytes, separator, rows });
  }

  #align({ bytes, separator, rows }: Block): string {
    const longest = this.#widths.reduce((sum, width) => sum + width + GAP, 1);
    // Filled with blanks, which cells overwrite. Multi-byte characters need more bytes than their width.
    const aligned = Buffer.alloc(rows * longest + bytes.length, BLANK);
    let [column, from, to, width] = [0, 0, 0, 0];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte !== separator && byte !== NEWLINE) {
        if (isFirstOfCharacter(byte)) width++;
        continue;
      }
      const blanks = (this.#widths[column] ?? 0) - width;
      if (this.#isNumber[column]) to += blanks;
      while (from < at) aligned[to++] = bytes[from++] ?? 0;
      if (!this.#isNumber[column]) to += blanks;
      to += GAP;
      from = at + 1;
      width = 0;
      column++;
      if (byte !== NEWLINE) continue;
      while (to > 0 && aligned[to - 1] === BLANK) to--;
      aligned[to++] = NEWLINE;
      column = 0;
    }
    return aligned.toString('utf8', 0, to);
  }
}

/** In UTF-8 the other bytes of a character begin with the bits 10. */
function isFirstOfCharacter(byte: number): boolean {
  return (byte & 0xc0) !== 0x80;
}

/** A cell without control characters: a sensor's name must not move the cursor of a terminal. */
function printable(cell: string): string {
  return cell.replace(/\p{Cc}/gu, REPLACEMENT);
}
