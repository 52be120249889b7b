// Event time: the current pane, the watermark, and what the host needs to know about both.

/** Asks the host for the pane of this time: it sets `paneStart` and `paneEnd`. */
@external('host', 'locate')
declare function locate(time: f64): void;

/** Whether windows have a length. */
export let hasPanes: bool = false;
/** The length in milliseconds of panes aligned to the epoch; 0 if the host must be asked. */
let paneLength: f64 = 0;

/** The pane of the previous reading in epoch milliseconds: start inclusive, end exclusive. */
export let paneStart: f64 = 0;
export let paneEnd: f64 = 0;
/** Readings before this time are late. */
export let earliest: f64 = -Infinity;
/** Readings after this time are too far ahead of the clock. */
export let latestTime: f64 = Infinity;
/** A reading at or after this time moves the watermark past the end of a window. */
export let watermarkGoal: f64 = Infinity;
/** The newest time of any reading, in epoch milliseconds. */
export let newest: f64 = -Infinity;
/** The fewest decimal places of any value with a time; 255 if there was none. */
export let leastScale: i32 = 255;

/** Sets whether there are panes. `length` is that of panes aligned to the epoch; 0 if the host must be asked. */
export function wantPanes(panes: bool, length: f64): void {
  hasPanes = panes;
  paneLength = length;
  if (panes) return;
  paneStart = -Infinity;
  paneEnd = Infinity;
}

/** Whether this time is late or too far ahead, or missing (NaN) where one is needed. */
@inline
export function isOutside(time: f64): bool {
  return hasPanes && !(time >= earliest && time <= latestTime);
}

/** The start of the pane of a time that is not late; 0 without panes. */
@inline
export function paneAt(time: f64): f64 {
  if (!(time >= paneStart && time < paneEnd)) findPane(time);
  return hasPanes ? paneStart : 0;
}

/** The start of the previous reading's pane; 0 without panes. */
@inline
export function paneNow(): f64 {
  return hasPanes ? paneStart : 0;
}

function findPane(time: f64): void {
  if (!hasPanes) return;
  if (paneLength > 0) {
    paneStart = Math.floor(time / paneLength) * paneLength;
    paneEnd = paneStart + paneLength;
  } else locate(time);
}

/** Records a time; returns whether it is the first to reach `watermarkGoal`. */
@inline
export function reaches(time: f64): bool {
  if (!(time > newest)) return false;
  newest = time;
  return time >= watermarkGoal;
}

/** Records a time known to be the newest. */
@inline
export function noteNewest(time: f64): void {
  newest = time;
}

/** Records the scale of a value with a time. */
@inline
export function noteScale(scale: i32): void {
  leastScale = min(leastScale, scale);
}
