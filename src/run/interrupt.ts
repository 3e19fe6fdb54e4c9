const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const pending = new Set<() => void>();

/**
 * Has `undo` done if the process ends before the returned function is called: interrupted (Ctrl-C, a job scheduler's
 * time limit), or for a fault that nobody caught. Interrupted, it ends by that very signal, as whoever started it expects.
 */
export function onInterrupt(undo: () => void): () => void {
  if (pending.size === 0) {
    for (const s of SIGNALS) process.on(s, interrupted);
    process.on('exit', undoAll);
  }
  pending.add(undo);
  return () => {
    pending.delete(undo);
    if (pending.size === 0) stopListening();
  };
}

function interrupted(signal: NodeJS.Signals): void {
  undoAll();
  process.kill(process.pid, signal);
}

/** The newest first: what came later may lie inside what was there before. */
function undoAll(): void {
  stopListening();
  for (const undo of [...pending].reverse()) {
    try {
      undo();
    } catch {
      // What cannot be removed now is swept by the next run.
    }
  }
  pending.clear();
}

function stopListening(): void {
  for (const s of SIGNALS) process.off(s, interrupted);
  process.off('exit', undoAll);
}
