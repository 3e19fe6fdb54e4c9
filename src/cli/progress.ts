import type { Output } from './output.js';

export interface ProgressLine {
  update(step: string, done: number, total: number): void;
  note(text: string): void;
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
  return {
    update(step, done, total) {
      if (!output.live) {
        if (step !== last) output.err(`${step} …`);
        last = step;
        return;
      }
      const text = `${step} ${done}/${total}`;
      clear();
      process.stderr.write(text);
      shown = text.length;
    },
    note(text) {
      clear();
      output.err(text);
    },
    end: clear,
  };
}
