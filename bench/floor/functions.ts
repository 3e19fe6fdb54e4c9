import { languageFunctions } from '../../src/compile/language-functions.js';
import type { Dialect, Sql } from '../../src/engine/dialect.js';
import { unpackParts } from '../../src/values/address/pack.js';
import { scopeWithoutExclusions } from '../../src/values/scope.js';
import { AS_OF } from '../settings.js';

const HAZCHEM_WORDS = '危险化学品经营 危险化学品销售 危险化学品批发 危险化学品零售 危险化学品仓储 危险化学品储存'
  .split(' ')
  .concat('危险化学品的批发 危险化学品的销售 危化品经营 危化品销售'.split(' '));

/**
 * The domain's functions as macros, so that hand-written SQL can call them by name: how an address or a scope of business
 * is read is the same for both sides, and what is measured is the joining and comparing around it.
 */
export function domainMacros(d: Dialect): Sql[] {
  const call = (name: string, ...args: Sql[]) => languageFunctions[name]!.sql(d, ...args);
  const a = unpackParts('a', d);
  const b = unpackParts('b', d);
  const macros: Record<string, Sql> = {
    'address_level(a, b)': call('address_level', a, b),
    'same_address(a, b)': call('same_address', a, b),
    'same_building(a, b)': call('same_address', a, b, 'building'),
    'has_door(a)': call('has_door', a),
    'is_name_of(name, current, former)': call('is_name_of', 'name', 'current', 'former'),
    'scope_read(scope)': scopeWithoutExclusions('scope', d),
    'takes_in(scope, word)': `contains(replace(scope, '非' || word, ''), word)`,
    'mentions(scope, word)': call('mentions', 'scope', 'word'),
    'same_person(a, b)': call('same_person', 'a', 'b'),
    'mentions_hazchem(scope)': call('mentions', 'scope', ...HAZCHEM_WORDS.map((w) => d.text(w))),
    // Twenty working days, or sixty days where the calendar of holidays does not reach.
    'late(since)': `(SELECT n FROM workdays WHERE day = DATE '${AS_OF}') - (SELECT n FROM workdays WHERE day = since) > 20 OR DATE '${AS_OF}' - since > 60`,
    'valid_cas(x)': call('valid_cas', 'x'),
    'valid_licence_no(x)': call('valid_licence_no', 'x'),
    'valid_permit_no(x)': call('valid_permit_no', 'x'),
    'permit_uscc(x)': call('permit_uscc', 'x'),
    'permit_site(x)': call('permit_site', 'x'),
    'add_months(day, n)': call('add_months', 'day', 'n'),
    'add_years(day, n)': call('add_years', 'day', 'n'),
  };
  return Object.entries(macros).map(([name, sql]) => `CREATE OR REPLACE TEMP MACRO ${name} AS ${sql}`);
}
