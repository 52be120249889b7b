// Common lines: `sensor,value` or `time,sensor,value`, with values of up to eight characters and one scale, of which only
// count, sum, minimum and maximum are wanted. From a line to its sensor's slot in one go, without index or batch.
//
// A line is not looked through for its fields: the value begins behind the last delimiter, and a time ends at the first
// one. That the name between them has no delimiter and no quote is known from its slot.

import { collect, paneOf, slotFor } from './collect';
import { notDigits, unitsOf } from './decimal';
import { MINUS, POINT, ZERO } from './layout';
import { cursor, filled, firstDelimiter } from './lines';
import { earliest, noteScale, paneAt, reaches } from './progress';
import { headOf, isSlotOf, kindOf, likelySlot, NOT_PLAIN, tailOf } from './sensors';
import { delimiter, timeField } from './shape';
import { readTime } from './time';

const ZEROS: u64 = 0x3030303030303030;
/** What `0` and the point have not in common. */
const POINT_FROM_ZERO: u64 = 0x1e;

/** Whether `countCommon` has counted a reading that has reached the goal of the watermark. */
export let hasReached: bool = false;

/** Counts lines from the cursor on, up to one that is not common, or the end of the index; says how many. */
export function countCommon(): u32 {
  hasReached = false;
  return timeField < 0 ? countRun(false) : countRun(true);
}

/** With a constant for its parameter the compiler leaves out what is not needed, so each call is a loop of its own. */
@inline
function countRun(timed: bool): u32 {
  const separators = i8x16.splat(i8(delimiter));
  const separator = delimiter;
  const end = filled;
  const scale = scaleBefore(load<u32>(cursor));
  // A value as a word: its last character is in the highest byte, and the point, if there is one, below the scale.
  let expected = ZEROS;
  let point: u64 = 0;
  let below: u64 = 0;
  let above: u64 = u64.MAX_VALUE;
  let least: u32 = 1;
  if (scale > 0) {
    const pointAt = u64(56 - (scale << 3));
    expected ^= POINT_FROM_ZERO << pointAt;
    point = u64(0xff) << pointAt;
    below = (u64(1) << pointAt) - 1;
    above = ~(below | point);
    least = scale + 1;
  }
  let at = cursor;
  for (; at < end; at += 4) {
    const newline = load<u32>(at);
    const places = u32(i8x16.bitmask(i8x16.eq(v128.load(newline - 16), separators)));
    const value = newline + 16 - u32(clz(places));
    const negative = u32(load<u8>(value) == MINUS);
    const length = newline - value - negative;
    // Without a delimiter in these sixteen bytes it seems as long as they are.
    if (length - least > 8 - least) break;
    const rest = u64(64 - (length << 3));
    const word = ((load<u64>(newline - 8) ^ expected) >> rest) << rest;
    if ((notDigits(word) | (word & point)) != 0) break;
    let name = load<u32>(at - 4) + 1;
    let pane: f64 = 0;
    let time: f64 = 0;
    if (timed) {
      const timeEnd = u32(load<u8>(name, 20)) == separator ? name + 20 : firstDelimiter(name, newline);
      time = readTime(name, timeEnd);
      // It is not either when it is no time at all.
      if (!(time >= earliest)) break;
      pane = paneAt(time);
      name = timeEnd + 1;
    }
    const nameLength = value - 1 - name;
    if (i32(nameLength) < 0) break;
    const head = headOf(name, nameLength);
    const tail = tailOf(name, nameLength);
    let slot = likelySlot(head, tail, nameLength);
    if (!isSlotOf(slot, head, tail, kindOf(nameLength, scale)) || (timed && paneOf(slot) != pane)) {
      slot = slotFor(name, nameLength, pane, scale);
      if (slot <= NOT_PLAIN) break;
    }
    const units = i32(unitsOf(((word & below) << 8) | (word & above)));
    collect(slot, (units ^ -i32(negative)) + i32(negative));
    if (timed && reaches(time)) {
      hasReached = true;
      at += 4;
      break;
    }
  }
  if (timed && at > cursor) noteScale(scale);
  return (at - cursor) >> 2;
}

/** How many digits there are behind the last point before a newline, as far as that can be seen. */
function scaleBefore(newline: u32): u32 {
  for (let scale: u32 = 0; scale < 7; scale++) {
    const byte = u32(load<u8>(newline - 1 - scale));
    if (byte == POINT) return scale;
    if (byte - ZERO > 9) break;
  }
  return 0;
}
