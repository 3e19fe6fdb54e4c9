import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The schemas that others publish are not part of this repository. Where `BIDUI_PUBLISHED_SCHEMAS` names a directory that holds
 * them, outputs are validated against them as well; otherwise only against the stricter ones that lie here.
 *
 *   junit-10.xsd              jenkinsci/xunit-plugin, src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/ (MIT)
 *   sarif-schema-2.1.0.json   oasis-tcs/sarif-spec, sarif-2.1/schema/
 *   openlineage/*.json        OpenLineage/OpenLineage, spec/OpenLineage.json and spec/facets/ (Apache-2.0)
 */
const DIR = process.env.BIDUI_PUBLISHED_SCHEMAS;

export const publishedSchemas = DIR !== undefined && existsSync(DIR);

export const published = (name: string): string => readFileSync(join(DIR as string, name), 'utf8');

export const publishedNames = (dir: string): string[] => readdirSync(join(DIR as string, dir)).sort();
