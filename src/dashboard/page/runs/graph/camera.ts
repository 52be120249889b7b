/** The viewport of a drawing: its top left corner in drawing pixels, and its scale. */

export interface Camera {
  readonly x: number;
  readonly y: number;
  /** Screen pixels per drawing pixel. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const SMALLEST = 0.08;
const LARGEST = 2;
/** Below this, text is illegible: a graph that does not fit at this scale opens at a part of it. */
export const READABLE = 0.75;
const MARGIN = 16;

/** Fits and centres the whole drawing, without enlarging it. @param least the minimum scale */
export function fitted(drawing: Size, screen: Size, least = SMALLEST): Camera {
  const [width, height] = [drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN];
  const scale = Math.max(least, Math.min(1, screen.width / width, screen.height / height));
  return {
    x: drawing.width / 2 - screen.width / scale / 2,
    y: drawing.height / 2 - screen.height / scale / 2,
    scale,
  };
}

/** The initial viewport: everything if legible, else around the focus; without one, the top left corner. */
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

/** Scales by a factor around this point of the screen. */
export function zoomed(
  camera: Camera,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Camera {
  const scale = between(SMALLEST, camera.scale * factor, LARGEST);
  const by = 1 / camera.scale - 1 / scale;
  return { x: camera.x + at.x * by, y: camera.y + at.y * by, scale };
}

/** Pans by screen pixels, but keeps part of the drawing in view. */
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

/** Pans just enough to bring a box into view. */
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
