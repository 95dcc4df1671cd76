/** Process trees that are hard to end, each a script for `sh`; it says `ready` when all of it is there. */
export const shapes = {
  "one process": "echo ready; exec sleep 1000",
  "many children": "for i in $(seq 40); do sleep 1000 & done; echo ready; wait",
  "a deep chain": `sh -c "sh -c 'sh -c \\"sh -c \\\\\\"echo ready; sleep 1000; :\\\\\\"; :\\"; :'; :"; :`,
  "a session of its own": "setsid sleep 1000 & echo ready; wait",
  "a double fork": "(setsid sh -c 'sleep 1000 & sleep 1000 & echo ready' &); sleep 1000",
  "deaf to SIGTERM": "trap '' TERM INT HUP; echo ready; while :; do sleep 1; done",
  stopped: "sh -c 'kill -STOP $$; sleep 1000' & sleep 0.1; echo ready; wait",
  "stopped and deaf": "sh -c 'trap \"\" TERM CONT; kill -STOP $$; sleep 1000' & sleep 0.1; echo ready; wait",
  "a fork loop": "echo ready; while :; do (setsid sleep 3 &); sleep 0.03; done",
  "a pair that revives itself":
    "guard() { while :; do sleep 1000; done; }; (trap '' TERM; while :; do guard & wait $!; done) & echo ready; wait",
  "a daemon whose leader has gone":
    "setsid sh -c 'trap \"\" TERM; echo ready; while :; do sleep 1; done' & exit 0",
  zombies: "for i in $(seq 10); do sleep 0 & done; echo ready; exec sleep 1000",
} as const;
