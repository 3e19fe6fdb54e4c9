import type { Field } from '../contract.js';
import type { Treatment } from './schema.js';

/** A field that a value was made of. */
export interface ValueOf {
  source: string;
  field: string;
  /** Where the value still is personal data. */
  kind?: Field['personal'];
}

/** What is done to a value before one circle of readers sees it. */
export type Treat = (of: ValueOf) => Treatment;

/** Where no policy is asked: personal data is masked. */
export const maskPersonal: Treat = ({ kind }) => (kind ? 'mask' : 'show');
export const showAll: Treat = () => 'show';

/** `--unmasked`: what would be masked is shown; what is left out stays so. */
export const unmask =
  (treat: Treat): Treat =>
  (of) => {
    const treatment = treat(of);
    return treatment === 'mask' ? 'show' : treatment;
  };

const STRICT: readonly Treatment[] = ['show', 'mask', 'omit'];

/** Whether one treatment leaves less of a value than the other. */
export const isStricter = (a: Treatment, than: Treatment): boolean => STRICT.indexOf(a) > STRICT.indexOf(than);

/** Of a value made of several fields: as the strictest of them demands. */
export const strictest = (treatments: readonly Treatment[]): Treatment =>
  STRICT[Math.max(0, ...treatments.map((t) => STRICT.indexOf(t)))]!;
