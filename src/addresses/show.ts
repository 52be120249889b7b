/** Addresses for messages: one line, cut short, with `***` for all that may be secret. */

const LONGEST = 120;

/**
 * Hides passwords, users without a password (often a token), the values of queries and fragments, also in URLs within a
 * command. A path is shown as it is.
 */
export function showAddress(text: string): string {
  const oneLine = hideFragment(hideQuery(hideUser(text))).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  return oneLine.length > LONGEST ? `${oneLine.slice(0, LONGEST)}...` : oneLine;
}

function hideUser(text: string): string {
  // In a malformed address, with an unescaped slash in the password for example, nobody knows where it ends.
  if (!URL.canParse(text)) return text.replace(/\/\/.*@/s, '//***@');
  return text.replace(/(\/\/[^\s/?#@:]*):[^\s/?#]*@/g, '$1:***@').replace(/\/\/[^\s/?#@:]+@/g, '//***@');
}

function hideQuery(text: string): string {
  return text.replace(/(\/\/[^\s?#'"]*\?)([^\s#'"]*)/g, (_, before: string, query: string) => {
    return before + query.split('&').map(hideValue).join('&');
  });
}

/** A JSON pointer, which begins with a slash, is no secret. */
function hideFragment(text: string): string {
  return text.replace(/(\/\/[^\s#'"]*#)(?!\/)[^\s'"]+/g, '$1***');
}

function hideValue(parameter: string): string {
  const end = parameter.indexOf('=') + 1;
  return parameter === '' ? '' : `${parameter.slice(0, end)}***`;
}
