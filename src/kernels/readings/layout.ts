// The layout of the kernel's memory. Addresses are byte offsets.

/**
 * 16 zero bytes, 32 of ones, and 32 zero bytes: loaded from MASKS + 32 - n it is a mask of the first n bytes of 32, and
 * from MASKS - 16 + n, of the last n of 16.
 */
export const MASKS: u32 = 1024;
/** The powers of ten from 0 to 18, i64 each. */
export const POWERS: u32 = 1088;
/** The smallest and largest units within --range, by scale from 0 to 18, i64 each. */
export const LEAST: u32 = 1280;
export const GREATEST: u32 = 1472;
/** The names of the NDJSON members (time, sensor, value), 16 bytes each, and then their lengths, u32 each. */
export const MEMBERS: u32 = 1664;
export const MEMBER_LENGTHS: u32 = 1712;
/** The member names seen in a JSON line, 16 bytes each, zero-padded. */
export const SEEN: u32 = 1728;
export const MAX_SEEN: u32 = 16;
/** The key of `keyed-hash.ts`: 32 bytes, written by the host. */
export const HASH_KEY: u32 = 1984;
/** The template of a JSON line: the texts before, between and after its members, 16 bytes each, zero-padded. */
export const BETWEEN: u32 = 2048;
/** The forms of short values by scale, 64 bytes each, and the weights of digits, 48 bytes: see `short-values.ts`. */
export const FORMS: u32 = 4096;
export const WEIGHTS: u32 = 4608;
/** The free lists of blocks by size class, one u32 address each: see `values.ts`. */
export const FREE_BLOCKS: u32 = 4672;
/** The index: the addresses of delimiters, quotes and newlines in a page of input, u32 each. */
export const INDEX: u32 = 8192;
/** The batch: lines or readings that have been read but not counted. */
export const BATCH: u32 = 32768;
export const MAX_READINGS: u32 = 256;
/** Scratch space for digits while entries are sorted, up to eight levels of 2048 bytes: see `sort-entries.ts`. */
export const DIGITS: u32 = 65536;
/** The address of a chunk, aligned for fast reads. A line continued from the previous chunk ends just before it. */
export const INPUT: u32 = (1 << 20) + (1 << 17);
/** Tables, groups and names: see `heap.ts`. */
export const HEAP: u32 = INPUT + (1 << 19);

/** The bytes indexed at a time: few enough to be still in the L1 cache when their lines are read. */
export const PAGE: u32 = 4096;

export const TAB: u32 = 9;
export const NEWLINE: u32 = 10;
export const RETURN: u32 = 13;
export const BLANK: u32 = 32;
export const QUOTE: u32 = 34;
export const PLUS: u32 = 43;
export const COMMA: u32 = 44;
export const MINUS: u32 = 45;
export const POINT: u32 = 46;
export const SLASH: u32 = 47;
export const ZERO: u32 = 48;
export const EQUALS: u32 = 61;
export const BACKSLASH: u32 = 92;
export const BRACE: u32 = 123;
