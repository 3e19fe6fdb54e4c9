import type { Observer, RunEvent } from './events.js';

/**
 * Structured log: an object a line, each with the time, the run and what happened. Progress within a step is left out: a log
 * is read afterwards.
 */
export function jsonLog(write: (line: string) => void): {
  observe: Observer;
  say: (level: string, text: string) => void;
} {
  let run = '';
  const line = (level: string, facts: object) =>
    write(JSON.stringify({ time: new Date().toISOString(), level, ...(run ? { run } : {}), ...facts }));
  const observe = (e: RunEvent) => {
    switch (e.type) {
      case 'progress':
        return;
      case 'warning':
        return line('warning', { event: 'warning', message: e.text });
      case 'run_start': {
        run = e.run;
        const { asOf: as_of, inputs, outDir: out, state } = e;
        return line('info', { event: 'run_start', as_of, inputs, out, state });
      }
      case 'step_end': {
        const { step, seconds, rows, failed } = e;
        return line(failed ? 'error' : 'info', { event: 'step_end', step, seconds, rows, failed });
      }
      case 'found': {
        const { enterprises, anomalies, bySeverity: by_severity, byState: by_state, guards } = e;
        return line('info', { event: 'found', enterprises, anomalies, by_severity, by_state, guards });
      }
      case 'run_end': {
        // What each step and source had to tell was told when it was over.
        const { type: event, steps: _steps, sources: _sources, ...facts } = e;
        return line(e.outcome === 'ok' ? 'info' : 'error', { event, ...facts });
      }
      default: {
        const { type: event, ...facts } = e;
        return line('info', { event, ...facts });
      }
    }
  };
  return { observe, say: (level, message) => line(level, { event: 'message', message }) };
}
