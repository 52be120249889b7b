// Groups of which the host holds a part too: the host makes their rows.

import { GROUP_IS_SHARED } from './groups';
import { INPUT } from './layout';
import { NOT_PLAIN } from './sensors';
import { acceptAllNames } from './shape';
import { groupOf } from './slots';

/**
 * Marks a group as partly held by the host; makes the group if there is none. Its name has this length and lies at INPUT.
 * Nothing can be counted afterwards.
 *
 * @returns its address; 0 or 1 if it cannot be made
 */
export function shareGroup(length: u32, pane: f64): u32 {
  acceptAllNames();
  const group = groupOf(INPUT, length, pane);
  if (group > NOT_PLAIN) store<u8>(group, 1, GROUP_IS_SHARED);
  return group;
}
