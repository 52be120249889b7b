/**
 * Encodes rows as a SQLite database file: one table `rows` with columns `c0`, `c1`, ..., all text or null.
 *
 * The format is https://www.sqlite.org/fileformat2.html; SQLite only reads the file. Memory: the file.
 *
 * With an INSERT per row, all of load-rows takes 1.7 times the CPU time (200,000 lines of a web log; a million of numbers).
 */

import type { Batch } from '../input/batch.ts';
import { putRecord, putVarint, recordSize, textType, varintSize } from './sqlite-record.ts';

const PAGE = 65_536;
/** Bytes of the first page before its b-tree header. */
const FILE_HEADER = 100;
const LEAF = 13;
const LEAF_HEADER = 8;
const INTERIOR = 5;
const INTERIOR_HEADER = 12;
/** A longer record, in bytes, continues on overflow pages. */
const LONGEST_LOCAL = PAGE - 35;
const SHORTEST_LOCAL = Math.floor(((PAGE - 12) * 32) / 255) - 23;
const OVERFLOW = PAGE - 4;
const MAGIC = 'SQLite format 3\0';

interface Leaf {
  readonly page: number;
  readonly lastRow: number;
}

/** Encodes one batch after another. */
export class RowFile {
  /** Reused for all batches. */
  #bytes = Buffer.allocUnsafe(4 * PAGE);
  #pages = 0;

  /** Encodes a batch of at least one row. The bytes are valid until the next call. */
  encode(batch: Batch): Buffer {
    // The first page is written last, because it refers to the others.
    this.#pages = 1;
    const leaves = this.#addLeaves(batch);
    const root = leaves.length === 1 ? (leaves[0]?.page ?? 0) : this.#addRoot(leaves);
    this.#writeFirst(root, batch.names.length);
    return this.#bytes.subarray(0, this.#pages * PAGE);
  }

  #addLeaves(batch: Batch): Leaf[] {
    const leaves: Leaf[] = [];
    let page = this.#addPage();
    let cells = 0;
    let top = PAGE;
    for (let row = 0; row < batch.rows; row++) {
      const size = recordSize(batch, row);
      const local = localSize(size);
      const cell = varintSize(size) + varintSize(row + 1) + local + (local < size ? 4 : 0);
      if (top - cell < LEAF_HEADER + 2 * (cells + 1)) {
        this.#closePage(page, { kind: LEAF, cells, top });
        leaves.push({ page, lastRow: row });
        page = this.#addPage();
        cells = 0;
        top = PAGE;
      }
      top -= cell;
      const start = (page - 1) * PAGE;
      this.#bytes.writeUInt16BE(top, start + LEAF_HEADER + 2 * cells++);
      let at = putVarint(this.#bytes, start + top, size);
      at = putVarint(this.#bytes, at, row + 1);
      if (local === size) putRecord(this.#bytes, at, batch, row);
      else this.#putLong(at, local, { batch, row, size });
    }
    this.#closePage(page, { kind: LEAF, cells, top });
    return [...leaves, { page, lastRow: batch.rows }];
  }

  /** Writes a record of which only the first `local` bytes fit in the leaf. */
  #putLong(start: number, local: number, { batch, row, size }: { batch: Batch; row: number; size: number }) {
    const record = Buffer.allocUnsafe(size);
    putRecord(record, 0, batch, row);
    record.copy(this.#bytes, start, 0, local);
    let link = start + local;
    for (let at = local; at < size; at += OVERFLOW) {
      const page = this.#addPage();
      this.#bytes.writeUInt32BE(page, link);
      link = (page - 1) * PAGE;
      record.copy(this.#bytes, link + 4, at, at + OVERFLOW);
    }
    this.#bytes.writeUInt32BE(0, link);
  }

  #addRoot(leaves: readonly Leaf[]): number {
    const root = this.#addPage();
    const start = (root - 1) * PAGE;
    let top = PAGE;
    for (const [at, { page, lastRow }] of leaves.slice(0, -1).entries()) {
      top -= 4 + varintSize(lastRow);
      putVarint(this.#bytes, this.#bytes.writeUInt32BE(page, start + top), lastRow);
      this.#bytes.writeUInt16BE(top, start + INTERIOR_HEADER + 2 * at);
    }
    this.#closePage(root, { kind: INTERIOR, cells: leaves.length - 1, top });
    this.#bytes.writeUInt32BE(leaves.at(-1)?.page ?? 0, start + LEAF_HEADER);
    return root;
  }

  #writeFirst(root: number, columns: number): void {
    const first = this.#bytes.subarray(0, PAGE).fill(0);
    first.write(MAGIC, 'latin1');
    // Page size 64 KiB, no WAL, the fixed payload fractions, schema format 4, UTF-8.
    first.set([0, 1, 1, 1, 0, 64, 32, 32, 0, 0, 0, 1], 16);
    first.writeUInt32BE(this.#pages, 28);
    first.writeUInt32BE(1, 40);
    first.writeUInt32BE(4, 44);
    first.writeUInt32BE(1, 56);
    first.writeUInt32BE(1, 92);
    const names = Array.from({ length: columns }, (_, at) => `c${at}`);
    const cell = schemaCell(root, `CREATE TABLE rows(${names.join()})`);
    const top = PAGE - cell.length;
    first.set(cell, top);
    first[FILE_HEADER] = LEAF;
    first.writeUInt16BE(1, FILE_HEADER + 3);
    first.writeUInt16BE(top, FILE_HEADER + 5);
    first.writeUInt16BE(top, FILE_HEADER + LEAF_HEADER);
  }

  /** @returns the page number, from 1 */
  #addPage(): number {
    this.#pages++;
    if (this.#pages * PAGE > this.#bytes.length) {
      const more = Buffer.allocUnsafe(2 * this.#bytes.length);
      this.#bytes.copy(more);
      this.#bytes = more;
    }
    return this.#pages;
  }

  #closePage(page: number, { kind, cells, top }: { kind: number; cells: number; top: number }): void {
    const start = (page - 1) * PAGE;
    this.#bytes.fill(0, start, start + LEAF_HEADER);
    this.#bytes[start] = kind;
    this.#bytes.writeUInt16BE(cells, start + 3);
    // 65536 is stored as 0.
    this.#bytes.writeUInt16BE(top & 0xffff, start + 5);
  }
}

/** The cell of the table's row in sqlite_schema. */
function schemaCell(root: number, sql: string): Buffer {
  const types = [textType(5), textType(4), textType(4), 2, textType(sql.length)];
  const sizes = types.reduce((sum, type) => sum + varintSize(type), 1);
  const record = Buffer.alloc(sizes + 15 + sql.length);
  let at = putVarint(record, 0, sizes);
  for (const type of types) at = putVarint(record, at, type);
  record.set([...Buffer.from('tablerowsrows'), root >> 8, root & 0xff, ...Buffer.from(sql)], at);
  const cell = Buffer.alloc(record.length + 4);
  const start = putVarint(cell, putVarint(cell, 0, record.length), 1);
  record.copy(cell, start);
  return cell.subarray(0, start + record.length);
}

/** How many bytes of a record are stored in its leaf. */
function localSize(size: number): number {
  if (size <= LONGEST_LOCAL) return size;
  const local = SHORTEST_LOCAL + ((size - SHORTEST_LOCAL) % OVERFLOW);
  return local <= LONGEST_LOCAL ? local : SHORTEST_LOCAL;
}
