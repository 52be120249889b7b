/** Measures the width of text in the font of the page. */

import type { Measure } from './fitting.ts';

/** @param style the part of a CSS `font` before the family: `600 13px` */
export function createMeasure(style: string): Measure {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) throw new Error('there is no canvas');
  context.font = `${style} ${getComputedStyle(document.body).fontFamily}`;
  return (text) => context.measureText(text).width;
}
