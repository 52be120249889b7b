/** JSON pointers (RFC 6901): `/main/temp` is member `temp` of member `main`; `/0` is the first element of an array. */

/** The names in a pointer; none for the empty one; undefined when it is invalid. */
export function parsePointer(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
