// Writes the rows of groups as text: in the order of `sorted-groups.ts`, each by one small program that the host has made.
//
// A step of the program is a literal text and then a column of the group. What these 64 bits cannot write exactly, and
// groups of which the host holds a part, it leaves to the host, in their place.

import { GROUP_IS_SHARED, GROUP_SCALE, groupCount, NO_SCALE } from './groups';
import { INPUT } from './layout';
import { describeColumns, END_OF_ROW, setSpan, writeColumn } from './row-columns';
import { putBytes, textEnd, writeAt } from './row-text';
import { sortedGroups } from './sorted-groups';

/**
 * A step is one byte for the column, two for the length of the literal, the part and the whole of a quantile, and the
 * literal, with eight bytes behind.
 */
const STEP_LENGTH: u32 = 1;
const STEP_PART: u32 = 3;
const STEP_WHOLE: u32 = 11;
const STEP_LITERAL: u32 = 19;

/** The text of a block begins where input was. */
const TEXT: u32 = INPUT;
const BLOCK: u32 = 1 << 16;

/** The rows in the block. */
export let rowCount: u32 = 0;
/** The group whose row the host must make, after the block; 0 for none. */
export let rowOfHost: u32 = 0;

let program: u32 = 0;
/** How many groups have had their turn. */
let done: u32 = 0;

/** To be called once, when groups are sorted; the program lies at this address. The rest is as in `describeColumns`. */
export function describeRows(at: u32, json: bool, panes: bool, expect: f64, places: i32): void {
  program = at;
  done = 0;
  describeColumns(json, panes, expect, places);
}

/** Writes a block of rows, up to one for the host; returns the length of its text in bytes, which begins at INPUT. */
export function writeRows(): u32 {
  writeAt(TEXT);
  rowCount = 0;
  rowOfHost = 0;
  while (done < groupCount && textEnd < TEXT + BLOCK) {
    const group = load<u32>(sortedGroups + done * 4);
    done++;
    const isShared = load<u8>(group, GROUP_IS_SHARED) != 0;
    if (!isShared && load<u8>(group, GROUP_SCALE) == NO_SCALE) continue;
    const before = textEnd;
    if (!isShared && writeRow(group)) {
      rowCount++;
      continue;
    }
    writeAt(before);
    rowOfHost = group;
    break;
  }
  return textEnd - TEXT;
}

function writeRow(group: u32): bool {
  setSpan(group);
  let step = program;
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
