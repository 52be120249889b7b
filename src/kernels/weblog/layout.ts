// The layout of the kernel's memory. Addresses are byte offsets.

/** A table of 256 bytes: 1 for bytes allowed in an address or host name, 3 if allowed in a domain name too. */
export const HOST_BYTES: u32 = 4096;
export const DOMAIN_BYTE: u32 = 2;
/** `/Jan`, `/Feb` and so on, four bytes each, and the days of those months, a byte each. */
export const MONTHS: u32 = 4352;
export const MONTH_DAYS: u32 = 4400;
/** The time of the current line in RFC 3339, with room for copies past its end. */
export const TIME: u32 = 4416;
/** A minute, `30/Apr/2019:21:11`, and the offset, such as `+02:00` or `Z`, of times in that minute that have none. */
export const ZONE_MINUTE: u32 = 4480;
export const ZONE_MINUTE_LENGTH: u32 = 17;
export const ZONE_OFFSET: u32 = 4512;
/** The value of each slot: its start, its end, and whether CSV needs quotes, u32 each. An empty value is null. */
export const SPANS: u32 = 8192;
export const SPAN: u32 = 16;
/** A column of a row: slot, flags, and the text before the value (address, length), u32 each. */
export const COLUMN: u32 = 16;
/** Flags of a column. */
export const NUMBER: u32 = 1;
export const IS_TIME: u32 = 2;
export const WALL_CLOCK: u32 = 4;
/**
 * A format: the text before its first field (address, length) and the number of fields; then each field: kind, slot, the
 * byte that ends it, whether it may be empty, the text after it (address, length), u32 each.
 */
export const FORMAT: u32 = 16;
export const FIELD: u32 = 32;

// Kinds of fields.
export const TEXT_KIND: u32 = 0;
export const WORD_KIND: u32 = 1;
export const HOST_KIND: u32 = 2;
export const TIME_KIND: u32 = 3;
export const REQUEST_KIND: u32 = 4;
export const STATUS_KIND: u32 = 5;
export const COUNT_KIND: u32 = 6;
export const FLAG_KIND: u32 = 7;
export const DECIMAL_KIND: u32 = 8;
export const ADDRESS_KIND: u32 = 9;
export const CLIENT_KIND: u32 = 10;
export const DOMAIN_KIND: u32 = 11;
export const LIST_KIND: u32 = 12;

export const NEWLINE: u32 = 10;
export const RETURN: u32 = 13;
export const BLANK: u32 = 32;
export const QUOTE: u32 = 34;
export const COMMA: u32 = 44;
export const MINUS: u32 = 45;
export const POINT: u32 = 46;
export const ZERO: u32 = 48;
export const BRACE: u32 = 123;
export const CLOSING_BRACE: u32 = 125;
