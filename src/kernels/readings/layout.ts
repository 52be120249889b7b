// Where things lie in the kernel's memory. All addresses are bytes from its beginning.

/**
 * 16 bytes of zeros, 32 of ones, and 32 of zeros: read at MASKS + 32 - n, it is a mask of the first n bytes of 32, and read
 * at MASKS - 16 + n, of the last n of 16.
 */
export const MASKS: u32 = 1024;
/** The powers of ten from 0 to 18, i64 each. */
export const POWERS: u32 = 1088;
/** The least and the greatest units that --range lets through, by scale from 0 to 18, i64 each. */
export const LEAST: u32 = 1280;
export const GREATEST: u32 = 1472;
/** The names of the members of NDJSON (time, sensor, value), 16 bytes each, and then their lengths, u32 each. */
export const MEMBERS: u32 = 1664;
export const MEMBER_LENGTHS: u32 = 1712;
/** The names in the JSON line at hand, 16 bytes each, zeros behind them. */
export const SEEN: u32 = 1728;
export const MOST_SEEN: u32 = 16;
/** The text before, between and behind the members of the JSON line before, 16 bytes each, zeros behind them. */
export const BETWEEN: u32 = 2048;
/** What common values of each scale look like, 64 bytes each, and the weights of digits, 48 bytes: see `short-values.ts`. */
export const FORMS: u32 = 4096;
export const WEIGHTS: u32 = 4608;
/** The index: the places of delimiters, quotes and newlines in one page of input, u32 each. */
export const INDEX: u32 = 8192;
/** Readings between being read and being counted. */
export const BATCH: u32 = 32768;
export const MOST_READINGS: u32 = 256;
/** Where the line that began in the chunk before ends, and the next chunk begins: aligned, so that it is read fast. */
export const INPUT: u32 = (1 << 20) + (1 << 17);
/** Tables, groups and names; what is allocated is never freed alone. */
export const HEAP: u32 = INPUT + (1 << 19);

/** Bytes that are indexed at a time: few enough to be still in the first cache when their lines are read. */
export const PAGE: u32 = 4096;

export const NEWLINE: u32 = 10;
export const RETURN: u32 = 13;
export const BLANK: u32 = 32;
export const QUOTE: u32 = 34;
export const PLUS: u32 = 43;
export const COMMA: u32 = 44;
export const MINUS: u32 = 45;
export const POINT: u32 = 46;
export const ZERO: u32 = 48;
export const BRACE: u32 = 123;
