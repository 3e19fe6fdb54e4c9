import type { Problem } from '../../errors.js';
import { didYouMean } from '../nearest.js';
import type { Pack } from '../pack.js';
import type { YamlFile } from '../yaml.js';
import { KINDS, masking, OWNER, WORDS } from './schema.js';

/** What a schema cannot see: a rule about a misspelt field or department would hide nothing from anybody. */
export function maskingFaults(yaml: YamlFile, pack: Pack): Problem[] {
  const contracts = [...pack.contracts.values()];
  const fields = contracts.flatMap((c) => [`${c.source}.*`, ...Object.keys(c.fields).map((f) => `${c.source}.${f}`)]);
  const values = [...KINDS, ...WORDS, ...fields];
  const departments = [OWNER, ...Object.keys(pack.vocabulary.departments)];
  return yaml.validate(masking, 'masking').rules.flatMap((rule, i) => {
    const unknown = (key: 'of' | 'for' | 'except_for', what: string, known: readonly string[]): Problem[] =>
      (rule[key] ?? []).flatMap((word, k) =>
        known.includes(word)
          ? []
          : [
              {
                what: `no ${what} '${word}'`,
                where: yaml.place(['rules', i, key, k]),
                fix:
                  didYouMean(word, known) ??
                  `known are ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}`,
              },
            ],
      );
    return [
      ...unknown('of', 'kind of personal data or field', values),
      ...unknown('for', 'department', departments),
      ...unknown('except_for', 'department', departments),
    ];
  });
}
