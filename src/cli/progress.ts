import type { Observer } from '../run/events.js';
import type { Output } from './output.js';

export interface ProgressLine {
  update(step: string, done: number, total: number): void;
  note(text: string): void;
  /** The same, told by a run. */
  observe: Observer;
  end(): void;
}

/** Progress on stderr: one line redrawn on a terminal, a plain line per step otherwise. */
export function progressOn(output: Output): ProgressLine {
  let last = '';
  let shown = 0;
  const clear = () => {
    if (output.live && shown > 0) process.stderr.write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
  };
  const update = (step: string, done: number, total: number) => {
    if (!output.live) {
      if (step !== last) output.err(`${step} …`);
      last = step;
      return;
    }
    const text = `${step} ${done}/${total}`;
    clear();
    process.stderr.write(text);
    shown = text.length;
  };
  return {
    update,
    observe(event) {
      if (event.type === 'progress') update(event.part, event.done, event.total);
    },
    note(text) {
      clear();
      output.err(text);
    },
    end: clear,
  };
}
