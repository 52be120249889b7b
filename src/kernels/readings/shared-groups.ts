// Groups of which the host also holds a part: the host makes their rows.

import { GROUP_IS_SHARED } from './groups';
import { INPUT } from './layout';
import { NOT_PLAIN } from './sensors';
import { acceptAllNames } from './shape';
import { groupOf } from './slots';

/**
 * Notes that the host holds a part of a group, which is made if there is none: that of the name of this length at INPUT,
 * in this pane. Nothing is counted afterwards.
 *
 * @returns its address; 0 or 1 when it cannot be made
 */
export function shareGroup(length: u32, pane: f64): u32 {
  acceptAllNames();
  const group = groupOf(INPUT, length, pane);
  if (group > NOT_PLAIN) store<u8>(group, 1, GROUP_IS_SHARED);
  return group;
}
