/** Addresses for messages. */

/** An address with its password as `***`, less its query and fragment, which may hold secrets too; a path as it is. */
export function maskAddress(address: string): string {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(address)) return address;
  if (!URL.canParse(address)) return address.replace(/:\/\/.*@/s, '://***@').replace(/[?#].*$/s, '');
  const url = new URL(address);
  // A user alone is a token as often as a name.
  if (url.password !== '') url.password = '***';
  else if (url.username !== '') url.username = '***';
  url.search = '';
  url.hash = '';
  return url.href;
}
