import type { Contract } from '../config/contract.js';
import { acceptedHeaders } from '../config/header.js';
import type { Expectation } from './raw-table.js';

/** What a reader may look for in a file of this source. */
export function expectation(contract: Contract): Expectation {
  return {
    fields: Object.entries(contract.fields).map(([id, field]) => ({
      names: acceptedHeaders(id, field),
      required: field.required || contract.key.includes(id),
    })),
    sheet: contract.sheet,
  };
}
