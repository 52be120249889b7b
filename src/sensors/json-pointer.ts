/** JSON pointers (RFC 6901): `/main/temp` is the member `temp` of the member `main`, `/0` the first element of an array. */

/** The names in a pointer, none for ''; undefined when the text is not a pointer. */
export function parsePointer(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
