/** Addresses for messages: one line, cut short, whatever may be secret in them as `***`. */

const LONGEST = 120;

/**
 * A password, a user without one (a token as often as a name), and the values of a query are hidden, in the URLs of a
 * command too. A path is shown as it is.
 */
export function showAddress(text: string): string {
  const oneLine = hideFragment(hideQuery(hideUser(text))).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  return oneLine.length > LONGEST ? `${oneLine.slice(0, LONGEST)}...` : oneLine;
}

function hideUser(text: string): string {
  // Where it ends cannot be known when the address is malformed, by an unescaped slash in it for example.
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
