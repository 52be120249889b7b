/**
 * The kernel of load-rows: where the fields of plain CSV records are.
 *
 * It is AssemblyScript, as is the one of get-stats, where it is said how to read that. The host, `../kernel.ts`, writes the
 * bytes of records to INPUT and calls `scan`, which writes for each field where it begins and ends, and for each record
 * where it begins, up to one that is not plain. That one is left to the host, which reads it with care. So the kernel
 * never decides what is an error; where it takes a record its fields are those of the host.
 *
 * A plain record has as many fields as the header, and ends with a newline without a carriage return. A field in quotes has
 * no quotes and no line breaks in it. Bytes are looked at 16 at a time.
 */

// Where things lie in its memory. All addresses are bytes from its beginning.
export const STARTS: u32 = 1 << 16;
export const ENDS: u32 = STARTS + (1 << 19);
export const RECORDS: u32 = ENDS + (1 << 19);
export const INPUT: u32 = RECORDS + (1 << 19);

const NULL: i32 = -1;
const NEWLINE: u32 = 10;
const RETURN: u32 = 13;
const QUOTE: u32 = 34;

/** The bytes from `chunk` on that end something: a bit for each, until the ones that were passed are taken off. */
let chunk: u32 = 0;
let marks: u32 = 0;
let delimiterByte: v128 = i8x16.splat(0);

/** Where the record begins that was not read. */
export let recordStart: u32 = 0;

/**
 * Reads the records from INPUT to `end`, which is behind a newline.
 *
 * @param base what is added to all places, less INPUT
 * @param suspect the length of a record that is left to the host, as it may be the header
 * @returns how many were plain
 */
export function scan(end: u32, columns: u32, delimiter: u32, most: u32, base: i32, suspect: u32): u32 {
  delimiterByte = i8x16.splat(u8(delimiter));
  recordStart = INPUT;
  look(INPUT);
  let field: u32 = 0;
  let count: u32 = 0;
  while (recordStart < end && count < most) {
    const next = readRecord(columns, delimiter, field, base);
    if (next == 0 || next - recordStart == suspect) break;
    store<i32>(RECORDS + 4 * count, i32(recordStart) + base);
    field += 4 * columns;
    count++;
    recordStart = next;
  }
  return count;
}

/** Where the next record begins; 0 when this one is not plain. */
function readRecord(columns: u32, delimiter: u32, firstField: u32, base: i32): u32 {
  let at = recordStart;
  for (let left = columns; left > 0; left--) {
    const field = firstField + 4 * (columns - left);
    const quoted = load<u8>(at) == QUOTE;
    let start = at;
    let end: u32;
    if (quoted) {
      start++;
      // The opening one.
      nextMark();
      do end = nextMark();
      while (load<u8>(end) == delimiter);
      if (load<u8>(end) != QUOTE) return 0;
      at = nextMark();
      if (at != end + 1) return 0;
    } else {
      end = at = nextMark();
      if (load<u8>(end) == QUOTE) return 0;
    }
    const ending: u32 = left > 1 ? delimiter : NEWLINE;
    if (load<u8>(at) != ending) return 0;
    if (left == 1 && load<u8>(at - 1) == RETURN) return 0;
    store<i32>(STARTS + field, start == end && !quoted ? NULL : i32(start) + base);
    store<i32>(ENDS + field, i32(end) + base);
    at++;
  }
  return at;
}

/** The place of the next delimiter, newline or quote, which is passed by this. */
@inline
function nextMark(): u32 {
  while (marks == 0) look(chunk + 16);
  const place = chunk + ctz(marks);
  marks &= marks - 1;
  return place;
}

@inline
function look(at: u32): void {
  const bytes = v128.load(at);
  const ends = v128.or(i8x16.eq(bytes, i8x16.splat(i8(NEWLINE))), i8x16.eq(bytes, i8x16.splat(i8(QUOTE))));
  chunk = at;
  marks = i8x16.bitmask(v128.or(ends, i8x16.eq(bytes, delimiterByte)));
}
