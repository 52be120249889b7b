/** Command-line words, and version numbers in output. */

/** @param {string | undefined} file */
export const operand = (file) => (file === undefined ? [] : [file]);
/** @param {string} text */
export const versionIn = (text) => /\d+(\.\d+)+( \d{8})?/.exec(text)?.[0];
