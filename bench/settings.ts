/** The day of the generated extracts. */
export const AS_OF = '2026-07-31';
export const SEED = 2026;

export interface EngineSettings {
  threads?: number;
  memoryLimit?: string;
}
