"""Puts the lines of stdin into a queue of another library: queue-peers.py litequeue|persist-queue."""

import sys

name = sys.argv[1]
if name == 'litequeue':
    from litequeue import LiteQueue

    queue = LiteQueue('peer.db')
else:
    from persistqueue import SQLiteAckQueue

    queue = SQLiteAckQueue('peer', auto_commit=True)
for line in sys.stdin:
    queue.put(line.rstrip('\n'))
