import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The bill of materials of what runs, in CycloneDX, out of the lock file: `npm run sbom` writes `sbom.cdx.json`.
 *
 * npm makes it; here it is made to depend on the lock file alone. `npm sbom --omit dev` leaves out every production package
 * that something of development needs as well (npm 11.19: `yaml`, `picomatch` …), so all are asked for and the lock file says
 * which are of development only. Packages for other platforms are in it: they are installed there.
 */

interface Locked {
  version: string;
  integrity?: string;
  dev?: boolean;
}

interface Component {
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  type: string;
  hashes?: { alg: string; content: string }[];
}

export interface Bom {
  serialNumber?: string;
  metadata: { timestamp?: string; tools?: unknown; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** What the lock file installs in production, as `name@version`. */
export function lockedForProduction(lock: { packages: Record<string, Locked> }): Map<string, Locked> {
  const wanted = new Map<string, Locked>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.dev) continue;
    wanted.set(`${path.split('node_modules/').at(-1)}@${entry.version}`, entry);
  }
  return wanted;
}

export function billOfMaterials(root: string): Bom {
  const npm = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const bom: Bom = JSON.parse(
    execFileSync('npm', npm, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const production = lockedForProduction(JSON.parse(readFileSync(`${root}${sep}package-lock.json`, 'utf8')));
  // The same lock file has to give the same bytes, whenever, wherever and by whichever npm it is made.
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  delete bom.metadata.tools;
  // npm names it after the directory it stands in.
  bom.metadata.component.name = bom.metadata.component.purl.replace(/^pkg:npm\/(.+)@.*$/, '$1');
  const rank = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  bom.components = bom.components
    .filter((c) => production.has(`${c.name}@${c.version}`))
    .sort((a, b) => rank(a['bom-ref'], b['bom-ref']));
  const kept = new Set([bom.metadata.component['bom-ref'], ...bom.components.map((c) => c['bom-ref'])]);
  bom.dependencies = bom.dependencies
    .filter((d) => kept.has(d.ref))
    .map((d) => ({ ...d, dependsOn: d.dependsOn.filter((ref) => kept.has(ref)).sort(rank) }))
    .sort((a, b) => rank(a.ref, b.ref));
  return bom;
}

/** As it is written to the file. */
export const billText = (root: string): string => `${JSON.stringify(billOfMaterials(root), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync('sbom.cdx.json', billText('.'));
