import { writeFileSync } from 'node:fs';
import { OUTPUT_SCHEMAS } from '../../src/report/schemas/index.js';

/** Writes schemas/ anew: npx tsx test/report/write-schemas.ts */
for (const [name, schema] of Object.entries(OUTPUT_SCHEMAS))
  writeFileSync(`schemas/${name}.schema.json`, `${JSON.stringify(schema(), null, 2)}\n`);
