/** Recognises timestamps as these tools write them, from their bytes. From the 29th of a month on, utcTime decides. */

const [ZERO, PLUS, MINUS, COLON, T, Z] = [48, 43, 45, 58, 84, 90];

/** Whether the text is a time like `2026-11-21T10:04:00Z`; false from the 29th of a month on. */
export function isUtcTime(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 20 && bytes[start + 19] === Z && isClock(bytes, start);
}

/** Whether the text is a time like `2026-11-21T10:04:00Z` or `2026-11-21T12:04:00+02:00`; false from the 29th on. */
export function isPlainTime(bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== 25) return isUtcTime(bytes, start, end);
  const sign = bytes[start + 19];
  return (
    (sign === PLUS || sign === MINUS) &&
    bytes[start + 22] === COLON &&
    twoDigits(bytes, start + 20) < 15 &&
    twoDigits(bytes, start + 23) < 60 &&
    isClock(bytes, start)
  );
}

/** Matches `2026-11-21T10:04:00`, from the year 100 on. */
function isClock(bytes: Buffer, start: number): boolean {
  if (bytes[start + 10] !== T) return false;
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return false;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return false;
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  return (
    twoDigits(bytes, start) >= 1 &&
    twoDigits(bytes, start + 2) < 100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    twoDigits(bytes, start + 11) < 24 &&
    twoDigits(bytes, start + 14) < 60 &&
    twoDigits(bytes, start + 17) < 60
  );
}

/** NaN unless there are two digits. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}
