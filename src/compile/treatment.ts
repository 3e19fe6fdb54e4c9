import type { CheckedCheck } from '../checks/checked.js';
import { type Expr, nodes } from '../checks/ir.js';
import type { Treatment } from '../config/masking/schema.js';
import { isStricter, maskPersonal, strictest, type Treat, type ValueOf } from '../config/masking/treat.js';

/** What readers see of an expression's value: as much as of the field that they may see least of. */
export function treatmentOf(e: Expr, treat: Treat): Treatment {
  const { personal } = e.type;
  const values = valuesOf(e, personal !== undefined);
  // Personal by its type, whatever it was made of.
  const unnamed =
    personal && values.every((v) => v.kind === undefined) ? [{ source: '', field: '', kind: personal }] : [];
  return strictest([...values, ...unnamed].map(treat));
}

/**
 * Checks whose description or subject holds a value of which these readers see less than the ledger keeps, where personal data is
 * masked and all else is shown: its texts are known as a whole alone.
 */
export const withheldIn = (checks: readonly CheckedCheck[], treat: Treat): string[] =>
  checks
    .filter((c) =>
      [...c.about, ...c.message.zh, ...c.message.en].some(
        (e) => typeof e !== 'string' && isStricter(treatmentOf(e, treat), treatmentOf(e, maskPersonal)),
      ),
    )
    .map((c) => c.id);

/** The fields a value is made of. One that is made of names, but is no text any more, such as their number, is no personal data. */
function valuesOf(e: Expr, personal: boolean): ValueOf[] {
  return [...nodes(e)].flatMap((n): ValueOf[] => {
    if (n.op === 'field') {
      return [{ source: n.relation.source, field: n.field, ...(personal ? { kind: n.type.personal } : {}) }];
    }
    if (n.op !== 'result' || n.relation.lookup?.mode.kind !== 'group') return [];
    const summed = n.relation.lookup.mode.results[n.name];
    return summed ? valuesOf(summed, personal) : [];
  });
}
