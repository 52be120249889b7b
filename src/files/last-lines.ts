/** Reads the end of a file. Memory: that end. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const NEWLINE = 10;
const BLOCK = 1 << 16;

/** The last lines of a file, whole: `count` of them or more, or all that there are. @throws the system's error */
export function readLastLines(path: string, count: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const blocks: Buffer[] = [];
    let newlines = 0;
    let at = fstatSync(file).size;
    // One newline more than lines: the one that ends the line before them. And one line more, to tell that there are.
    while (at > 0 && newlines <= count + 1) {
      const block = Buffer.alloc(Math.min(BLOCK, at));
      at -= block.length;
      const bytes = block.subarray(0, readSync(file, block, 0, block.length, at));
      blocks.unshift(bytes);
      for (const byte of bytes) if (byte === NEWLINE) newlines += 1;
    }
    const last = Buffer.concat(blocks);
    // A block begins anywhere in a line, and the rest of that line is not a line.
    return at === 0 ? last : last.subarray(last.indexOf(NEWLINE) + 1);
  } finally {
    closeSync(file);
  }
}
