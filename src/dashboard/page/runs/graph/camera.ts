/** Which part of a drawing is in view: its upper left corner in pixels of the drawing, and how large it is shown. */

export interface Camera {
  readonly x: number;
  readonly y: number;
  /** Pixels of the screen for one of the drawing. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const SMALLEST = 0.08;
const LARGEST = 2;
/** Smaller, letters cannot be read: a larger graph does not begin as a whole. */
export const READABLE = 0.75;
const MARGIN = 16;

/** The whole drawing in the middle, not enlarged. @param least the scale is not below it */
export function fitted(drawing: Size, screen: Size, least = SMALLEST): Camera {
  const [width, height] = [drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN];
  const scale = Math.max(least, Math.min(1, screen.width / width, screen.height / height));
  return {
    x: drawing.width / 2 - screen.width / scale / 2,
    y: drawing.height / 2 - screen.height / scale / 2,
    scale,
  };
}

/** What is seen first: all where that can be read, else the place that matters; without one the beginning, at the top left. */
export function opening(
  drawing: Size,
  screen: Size,
  place: { readonly x: number; readonly y: number } = { x: 0, y: 0 },
): Camera {
  const camera = fitted(drawing, screen, READABLE);
  const [width, height] = [screen.width / camera.scale, screen.height / camera.scale];
  const isWide = drawing.width + 2 * MARGIN > width + 1;
  const isHigh = drawing.height + 2 * MARGIN > height + 1;
  return {
    x: isWide ? between(-MARGIN, place.x - width / 3, drawing.width + MARGIN - width) : camera.x,
    y: isHigh ? between(-MARGIN, place.y - height / 2, drawing.height + MARGIN - height) : camera.y,
    scale: camera.scale,
  };
}

/** Larger by a factor, while what is at this point of the screen stays there. */
export function zoomed(
  camera: Camera,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Camera {
  const scale = between(SMALLEST, camera.scale * factor, LARGEST);
  const by = 1 / camera.scale - 1 / scale;
  return { x: camera.x + at.x * by, y: camera.y + at.y * by, scale };
}

/** Moved by pixels of the screen; some of the drawing stays in view. */
export function panned(
  camera: Camera,
  by: { readonly x: number; readonly y: number },
  drawing: Size,
  screen: Size,
): Camera {
  const [width, height] = [screen.width / camera.scale, screen.height / camera.scale];
  return {
    x: between(-width * 0.8, camera.x - by.x / camera.scale, drawing.width - width * 0.2),
    y: between(-height * 0.8, camera.y - by.y / camera.scale, drawing.height - height * 0.2),
    scale: camera.scale,
  };
}

/** Moved no more than it must, so that a box is in view. */
export function showing(
  camera: Camera,
  box: { x: number; y: number; width: number; height: number },
  screen: Size,
): Camera {
  const [width, height] = [screen.width / camera.scale, screen.height / camera.scale];
  const [left, right] = [box.x - box.width / 2 - MARGIN, box.x + box.width / 2 + MARGIN];
  const [top, bottom] = [box.y - box.height / 2 - MARGIN, box.y + box.height / 2 + MARGIN];
  return {
    x: left < camera.x ? left : right > camera.x + width ? right - width : camera.x,
    y: top < camera.y ? top : bottom > camera.y + height ? bottom - height : camera.y,
    scale: camera.scale,
  };
}

function between(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(value, Math.max(low, high)));
}
