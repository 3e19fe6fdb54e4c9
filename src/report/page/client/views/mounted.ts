import type { Filter } from '../filter.js';

/** A view in its place. */
export interface Mounted {
  element: HTMLElement;
  /** Called when it stands in the document and can be measured. */
  shown?(): void;
  /** The anomalies that it lists, in its order: what the panel steps through and what is printed. */
  order(): readonly number[];
  /** What they are narrowed by. */
  filter?(): Filter;
  /** What is printed of it, where that is not the run as a whole. */
  paper?(): HTMLElement;
  /** Brings an anomaly of the list into sight and the keyboard to it. */
  focus?(anomaly: number): void;
  stop?(): void;
}
