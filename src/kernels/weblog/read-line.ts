// Reads the fields of a line: the start and end of each value.

import { ADDRESS_KIND, BLANK, BRACE, COUNT_KIND, DECIMAL_KIND, DOMAIN_KIND, FIELD, FLAG_KIND } from './layout';
import { FORMAT, HOST_KIND, LIST_KIND, MINUS, NEWLINE, POINT, QUOTE, REQUEST_KIND, RETURN } from './layout';
import { SPAN, SPANS, STATUS_KIND, TEXT_KIND, TIME_KIND, ZERO } from './layout';
import { hasComma, isDigit, skip, textEnd } from './byte-runs';
import { addressEnd, domainEnd, hostEnd, listEnd } from './hosts';
import { readTime } from './time';

/** `HTTP`, and the slash after it. */
const HTTP: u32 = 0x50545448;
const SLASH: u32 = 47;
const MAX_DIGITS: u32 = 18;

/** Reads the line at `start`. @returns the address of the next line; 0 if it is not a plain line of this format */
export function readLine(format: u32, start: u32): u32 {
  let at = skip(start, load<u32>(format), load<u32>(format + 4));
  const end = format + FORMAT + load<u32>(format + 8) * FIELD;
  for (let field = format + FORMAT; field < end && at != 0; field += FIELD) {
    at = readField(field, at);
    if (at != 0) at = skip(at, load<u32>(field + 16), load<u32>(field + 20));
  }
  if (at == 0) return 0;
  if (load<u8>(at) == RETURN) at++;
  return load<u8>(at) == NEWLINE ? at + 1 : 0;
}

/** The end of the field at `at`; 0 if it is not plain. */
function readField(field: u32, at: u32): u32 {
  const kind = load<u32>(field);
  const slot = SPANS + load<u32>(field + 4) * SPAN;
  if (kind == TIME_KIND) return readTime(at);
  if (kind == REQUEST_KIND) return readRequest(slot, at);
  if (kind == STATUS_KIND || kind == COUNT_KIND) return readNumber(slot, at, kind == STATUS_KIND);
  if (kind == DECIMAL_KIND) return readDecimal(slot, at);
  if (kind > DECIMAL_KIND) return readSure(field, kind, slot, at);
  return readText(field, kind, slot, at);
}

/** Reads a field of a kind whose text never contains a comma. */
function readSure(field: u32, kind: u32, slot: u32, at: u32): u32 {
  const isNull = load<u8>(at) == MINUS && load<u8>(at + 1) == load<u32>(field + 8);
  let end: u32 = 0;
  if (isNull && (kind == ADDRESS_KIND || kind == LIST_KIND)) end = at + 1;
  else if (kind == LIST_KIND) end = listEnd(at, load<u32>(field + 8));
  else end = kind == DOMAIN_KIND ? domainEnd(at) : addressEnd(at);
  putSpan(slot, at, isNull ? at : end, false);
  return end > at ? end : 0;
}

function readText(field: u32, kind: u32, slot: u32, at: u32): u32 {
  const ending = load<u32>(field + 8);
  const end = kind == HOST_KIND ? hostEnd(at, ending) : textEnd(at, kind == TEXT_KIND ? 32 : 33, ending);
  if (end == at && load<u32>(field + 12) == 0) return 0;
  const isNull = end == at + 1 && load<u8>(at) == MINUS && kind != FLAG_KIND;
  putSpan(slot, at, isNull ? at : end, kind != HOST_KIND && (hasComma || load<u8>(at) == BRACE));
  return end;
}

/** A status has three digits, a count at most 18; neither has leading zeros. */
function readNumber(slot: u32, start: u32, isStatus: bool): u32 {
  const isNull = load<u8>(start) == MINUS;
  let at = start + u32(isNull);
  if (!isNull) while (isDigit(at)) at++;
  putSpan(slot, start, isNull ? start : at, false);
  const length = at - start;
  const isLong = length > 1 && load<u8>(start) == ZERO;
  if (isNull || (isStatus ? length == 3 && !isLong : length > 0 && length <= MAX_DIGITS && !isLong)) return at;
  return 0;
}

/** An integer, or one with a fraction of at most 18 digits. */
function readDecimal(slot: u32, start: u32): u32 {
  const whole = readNumber(slot, start, false);
  if (whole == 0 || load<u8>(whole) != POINT) return whole;
  let at = whole + 1;
  while (isDigit(at)) at++;
  putSpan(slot, start, at, false);
  return at > whole + 1 && at <= whole + 1 + MAX_DIGITS && load<u8>(start) != MINUS ? at : 0;
}

/** A method in capitals, a path without blanks, `HTTP/1.1` or the like, and then a quote. */
function readRequest(slot: u32, start: u32): u32 {
  let at = start;
  while (u32(load<u8>(at)) - 65 < 26) at++;
  putSpan(slot, start, at, false);
  if (at == start || load<u8>(at) != BLANK) return 0;
  const path = at + 1;
  const pathEnd = textEnd(path, 33, BLANK);
  putSpan(slot + SPAN, path, pathEnd, hasComma || load<u8>(path) == BRACE);
  if (pathEnd == path || load<u8>(pathEnd) != BLANK) return 0;
  const end = protocolEnd(pathEnd + 1);
  putSpan(slot + 2 * SPAN, pathEnd + 1, end, false);
  return load<u8>(end) == QUOTE ? end : 0;
}

/** The end of `HTTP/2` or `HTTP/1.1` at `at`; `at` if it is neither. */
function protocolEnd(at: u32): u32 {
  if (load<u32>(at) != HTTP || load<u8>(at + 4) != SLASH || !isDigit(at + 5)) return at;
  if (load<u8>(at + 6) != POINT) return at + 6;
  return isDigit(at + 7) ? at + 8 : at;
}

@inline
function putSpan(slot: u32, start: u32, end: u32, quotes: bool): void {
  store<u32>(slot, start);
  store<u32>(slot + 4, end);
  store<u32>(slot + 8, u32(quotes));
}
