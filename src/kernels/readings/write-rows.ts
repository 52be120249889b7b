// Writes the rows of windows as text: in the order of `row-windows.ts`, each by a small program from the host.
//
// A step of the program is a literal text and then a column of the row. Numbers that need more than 64 bits, and windows of
// which the host holds a part, are left to the host, in their place.

import { INPUT } from './layout';
import { describeColumns, END_OF_ROW, setSpan, writeColumn } from './row-columns';
import { putBytes, textEnd, writeAt } from './row-text';
import { describeWindows, isWhole, nextWindow, rowProgram, windowGroup } from './row-windows';

/**
 * A step: one byte for the column, two for the length of the literal, two numbers as parameters of the column, and the
 * literal, followed by eight bytes of padding.
 */
const STEP_LENGTH: u32 = 1;
const STEP_PART: u32 = 3;
const STEP_WHOLE: u32 = 11;
const STEP_LITERAL: u32 = 19;

/** A block of text begins where the input was. */
const TEXT: u32 = INPUT;
const BLOCK: u32 = 1 << 16;

/** The rows in the block. */
export let rowCount: u32 = 0;
/** Whether the host must make the row of the window after the block. */
export let isLeft: bool = false;

/** Must be called once, after groups are sorted; see `describeWindows` and `describeColumns`. False if memory runs out. */
export function describeRows(from: u32, to: u32, notation: u32, expect: f64, places: i32): bool {
  describeColumns(notation, expect, places);
  return describeWindows(from, to);
}

/** Writes a block of rows, up to one for the host; returns the length in bytes of its text, which begins at INPUT. */
export function writeRows(): u32 {
  writeAt(TEXT);
  rowCount = 0;
  isLeft = false;
  while (textEnd < TEXT + BLOCK && nextWindow()) {
    const before = textEnd;
    if (isWhole && writeRow(windowGroup)) {
      rowCount++;
      continue;
    }
    writeAt(before);
    isLeft = true;
    break;
  }
  return textEnd - TEXT;
}

function writeRow(group: u32): bool {
  setSpan(group);
  let step = rowProgram();
  let column: u32;
  do {
    const length = u32(load<u16>(step, STEP_LENGTH));
    putBytes(step + STEP_LITERAL, length);
    column = load<u8>(step);
    if (!writeColumn(column, group, load<u64>(step, STEP_PART), load<u64>(step, STEP_WHOLE))) return false;
    step += STEP_LITERAL + length;
  } while (column != END_OF_ROW);
  return true;
}
