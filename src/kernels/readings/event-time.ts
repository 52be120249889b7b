// Where the readings are in time: the pane at hand, the watermark, and what the host must know of both.

/** Tells the span of the pane at this time: sets `paneStart` and `paneEnd`. */
@external('host', 'locate')
declare function locate(time: f64): void;

let hasPanes: bool = false;
/** The length of panes that count from the epoch, in milliseconds; 0 when the host must be asked. */
let paneLength: f64 = 0;

/** The pane of the reading before, in epoch milliseconds: inclusive, exclusive. */
export let paneStart: f64 = 0;
export let paneEnd: f64 = 0;
/** A reading before this time is late. */
export let earliest: f64 = -Infinity;
/** The time from which on a reading moves the watermark past the end of a window. */
export let watermarkGoal: f64 = Infinity;
/** The newest time of all readings. */
export let newest: f64 = -Infinity;
/** The least digits after the point of the values with a time. */
export let leastScale: i32 = 255;

export function wantPanes(panes: bool, length: f64): void {
  hasPanes = panes;
  paneLength = length;
  if (panes) return;
  paneStart = -Infinity;
  paneEnd = Infinity;
}

/** Whether it is too late for a reading of this time, or it has none and needs one. */
@inline
export function isLate(time: f64): bool {
  return hasPanes && !(time >= earliest);
}

/** The pane of a time that is not late, by its start; 0 for all times without panes. */
@inline
export function paneAt(time: f64): f64 {
  if (!(time >= paneStart && time < paneEnd)) findPane(time);
  return hasPanes ? paneStart : 0;
}

/** That of the reading before. */
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

/** Notes a time, and says whether it has reached the goal for the first time. */
@inline
export function reaches(time: f64): bool {
  if (!(time > newest)) return false;
  newest = time;
  return time >= watermarkGoal;
}

@inline
export function noteNewest(time: f64): void {
  newest = time;
}

@inline
export function noteScale(scale: i32): void {
  leastScale = min(leastScale, scale);
}
