import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import picomatch from 'picomatch';
import type { Contract } from '../config/contract.js';
import { inputError, type Problem } from '../errors.js';
import { dateInPath } from './file-date.js';

export interface FoundFile {
  /** Absolute or as the directory was given: for opening. */
  path: string;
  /** Below the directory, NFC, with forward slashes: for people and the record. */
  name: string;
  /** Day or month the extract was made, by its name. */
  date?: string;
}

/** Sources that lie elsewhere than in the input directory: directories, files or globs of each. */
export type Places = ReadonlyMap<string, readonly string[]>;

export interface FoundSource {
  /** Oldest first: the later a row stands, the newer it is. */
  files: FoundFile[];
  /** Older extracts that were not read, and why. */
  passedOver: { name: string; reason: string }[];
}

export interface Found {
  bySource: Map<string, FoundSource>;
  /** What lies in the directory and is not read, said once per file. */
  notes: string[];
  problems: Problem[];
}

/** Formats that a reader knows or can refuse with a reason. Anything else in the directory is nobody's extract. */
const DATA =
  /\.(?:csv|tsv|txt|tab|dat)(?:\.gz)?$|\.(?:json|ndjson|jsonl)(?:\.gz)?$|\.(?:xlsx|xlsm|xls|et|ods|parquet|arrow|arrows|feather|ipc)$/i;
/** What editors, Office and this program leave behind while they work. */
const SCRATCH = /^(?:\.|~\$|__MACOSX$|thumbs\.db$|desktop\.ini$)|~$|\.(?:tmp|part|partial|crdownload|swp|lock)$/i;

/** Shares the files below `dir` out among the contracts. Nothing is opened. Sources with a place of their own lie there alone. */
export async function findFiles(
  dir: string | undefined,
  contracts: readonly Contract[],
  places: Places = new Map(),
): Promise<Found> {
  const found: Found = { bySource: new Map(), notes: [], problems: [] };
  for (const c of contracts) found.bySource.set(c.source, { files: [], passedOver: [] });
  for (const c of contracts) await findPlaced(c, places.get(c.source) ?? [], found);
  const shared = contracts.filter((c) => !places.has(c.source));
  if (dir === undefined) {
    for (const c of contracts) choose(c, found);
    found.problems.push(...missing(undefined, contracts, places, found, []));
    return found;
  }
  const root = await directory(dir);
  if (!root) {
    const there = await stat(dir).catch(() => undefined);
    found.problems.push({
      what: there ? `${dir} is a file, not a directory` : `there is no directory ${dir}`,
      fix: 'give the directory that holds the extracts',
    });
    return found;
  }
  const files = await walk(root, dir, '', found.notes);
  const claims = contracts.map((contract) => ({ contract, matches: matcher(contract.files) }));
  const elsewhere = new Set(contracts.filter((c) => !shared.includes(c)));
  const unclaimed: string[] = [];
  const others: string[] = [];
  for (const file of files) {
    const all = claims.filter((c) => c.matches(file.name)).map((c) => c.contract);
    const owners = all.filter((c) => !elsewhere.has(c));
    if (all.length > 0 && owners.length === 0 && DATA.test(file.name)) {
      found.notes.push(`${file.name}: not read, ${all[0]?.source} is taken from its own place`);
    } else if (!DATA.test(file.name)) {
      if (owners.length === 0) others.push(file.name);
      else found.notes.push(`${file.name}: named like ${owners[0]?.source}, but of a kind bidui does not read`);
    } else if (owners.length === 0) unclaimed.push(file.name);
    else if (owners.length > 1) found.problems.push(claimedTwice(file.name, owners));
    else found.bySource.get(owners[0]?.source as string)?.files.push(file);
  }
  found.notes.sort();
  // One line for all of them: a directory may hold many files that are nobody's business.
  const nobodys = [...unclaimed, ...others].sort();
  if (nobodys.length > 0) found.notes.push(`not claimed by any contract: ${nobodys.join(', ')}`);
  for (const contract of contracts) choose(contract, found);
  found.problems.push(...missing(dir, contracts, places, found, unclaimed));
  return found;
}

/** The files of a source that lies in a place of its own: below a directory by its contract's globs, or where a glob says. */
async function findPlaced(contract: Contract, places: readonly string[], found: Found): Promise<void> {
  const files = new Map<string, FoundFile>();
  for (const place of places) {
    if ((await stat(place).catch(() => undefined))?.isFile()) {
      files.set(place, { path: place, name: basename(place).normalize('NFC'), date: dateInPath(place) });
      continue;
    }
    const { dir, glob } = parted(place);
    const root = await directory(dir);
    if (!root) {
      found.problems.push(noPlace(contract, dir));
      continue;
    }
    const matches = matcher(glob === undefined ? contract.files : [glob]);
    // A glob without a slash speaks of its own directory, a contract's of file names at any depth.
    const here = (name: string) => glob === undefined || glob.includes('/') || !name.includes('/');
    for (const file of await walk(root, dir, '', found.notes)) {
      if (!here(file.name) || !matches(file.name)) continue;
      if (!DATA.test(file.name)) found.notes.push(`${file.name}: of a kind bidui does not read (${contract.source})`);
      else files.set(file.path, { ...file, date: file.date ?? dateInPath(place) });
    }
  }
  found.bySource.get(contract.source)?.files.push(...files.values());
}

/** Directory and glob of a place: the first step with a wildcard begins the glob. */
export function parted(place: string): { dir: string; glob?: string } {
  const steps = place.split('/');
  const first = steps.findIndex((s) => /[*?[{]/.test(s));
  if (first < 0) return { dir: place };
  const dir = steps.slice(0, first).join('/');
  return { dir: dir || (place.startsWith('/') ? '/' : '.'), glob: steps.slice(first).join('/') };
}

const noPlace = (contract: Contract, dir: string): Problem => ({
  what: `there is no directory ${dir}, where ${title(contract)} should lie`,
  fix: `check sources.places.${contract.source} in the project file, or whether the drop folder is mounted`,
});

async function directory(dir: string): Promise<string | undefined> {
  try {
    return (await stat(dir)).isDirectory() ? await realpath(dir) : undefined;
  } catch {
    return undefined;
  }
}

async function entriesOf(path: string, shown: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw inputError({
      what: `the directory ${shown} cannot be read`,
      why: (error as Error).message,
      fix: 'its extracts would be missed: change its permissions, or move it elsewhere',
    });
  }
}

async function walk(root: string, dir: string, below: string, notes: string[]): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  for (const entry of await entriesOf(join(dir, below), below || dir)) {
    if (SCRATCH.test(entry.name)) continue;
    const relative = below ? `${below}/${entry.name}` : entry.name;
    const path = join(dir, relative);
    const name = relative.normalize('NFC');
    let { isFile, isFolder } = { isFile: entry.isFile(), isFolder: entry.isDirectory() };
    if (entry.isSymbolicLink()) {
      // A link may save space; it may not lead out of the directory that the operator pointed at, nor round in a ring.
      const target = await realpath(path).catch(() => undefined);
      if (!target || !`${target}${sep}`.startsWith(`${root}${sep}`)) {
        notes.push(
          `${name}: ${target ? 'a link that leads out of the directory' : 'a link that leads nowhere'}, not read`,
        );
        continue;
      }
      isFile = (await stat(path)).isFile();
      isFolder = false;
      if (!isFile) notes.push(`${name}: a link to a directory, not followed`);
    }
    if (isFolder) files.push(...(await walk(root, dir, relative, notes)));
    else if (isFile) files.push({ path, name, date: dateInPath(name) });
  }
  return files.sort((a, b) => compare(a.name, b.name));
}

/** A glob with a slash speaks of the path, one without of the file's name alone; one behind '!' says what is not meant. */
function matcher(globs: readonly string[]): (name: string) => boolean {
  const test = (glob: string) => {
    // Brackets are common in file names here (企业登记(2026).xlsx) and are meant as they stand.
    const matches = picomatch(glob.normalize('NFC'), { nocase: true, noextglob: true, nonegate: true });
    return (name: string) => matches(glob.includes('/') ? name : name.slice(name.lastIndexOf('/') + 1));
  };
  const wanted = globs.filter((g) => !g.startsWith('!')).map(test);
  const unwanted = globs.filter((g) => g.startsWith('!')).map((g) => test(g.slice(1)));
  return (name) => wanted.some((t) => t(name)) && !unwanted.some((t) => t(name));
}

/** Which of a source's files are read, by the contract's `several`. */
function choose(contract: Contract, found: Found): void {
  const source = found.bySource.get(contract.source) as FoundSource;
  source.files.sort((a, b) => compare(a.date ?? '', b.date ?? '') || compare(a.name, b.name));
  if (contract.several === 'all' || source.files.length < 2) return;
  const newest = source.files.at(-1) as FoundFile;
  const rivals = source.files.filter((f) => !f.date || f.date === newest.date);
  if (!newest.date || rivals.length > 1) {
    found.problems.push(twoFiles(contract, source.files));
    return;
  }
  source.passedOver = source.files
    .slice(0, -1)
    .map((f) => ({ name: f.name, reason: `older (${f.date}) than ${newest.name} (${newest.date})` }));
  source.files = [newest];
}

function twoFiles(contract: Contract, files: FoundFile[]): Problem {
  const undated = files.filter((f) => !f.date).map((f) => f.name);
  return {
    what: `${files.length === 2 ? 'two' : files.length} files for one source, ${title(contract)}: ${list(files.map((f) => f.name))}`,
    why:
      undated.length > 0
        ? `only one is read, the one with the latest date in its name, but there is no date in ${list(undated)}`
        : `only one is read, and two bear the same date, ${files.at(-1)?.date}`,
    fix:
      'keep the right one, or put the day of extraction into the names (…_20260731.csv); ' +
      `if they belong together, write 'several: all' in the contract of ${contract.source}`,
  };
}

function claimedTwice(name: string, owners: Contract[]): Problem {
  const claims = owners.map(
    (o) => `${title(o)} by ${list(o.files.filter((g) => matcher([g])(name)).map((g) => `'${g}'`))}`,
  );
  return {
    what: `the file is claimed by ${owners.length} contracts`,
    where: { file: name },
    why: claims.join('; '),
    fix: `rename the file so that it matches one of them, or make the globs under 'files' in ${list(
      owners.map((o) => `sources/${o.source}.yaml`),
    )} narrower`,
  };
}

/** Required sources without a file. An empty directory is one fault, not one for each source. */
function missing(
  dir: string | undefined,
  contracts: readonly Contract[],
  places: Places,
  found: Found,
  unclaimed: string[],
): Problem[] {
  const absent = contracts.filter((c) => c.required && found.bySource.get(c.source)?.files.length === 0);
  const whereOf = (c: Contract) => places.get(c.source)?.join(', ') ?? dir;
  const any = [...found.bySource.values()].some((s) => s.files.length > 0);
  if (
    dir !== undefined &&
    places.size === 0 &&
    absent.length > 0 &&
    !any &&
    unclaimed.length === 0 &&
    found.problems.length === 0
  ) {
    return [
      {
        what: `no extract was found in ${dir}`,
        fix: `put the departments' files there; needed at least: ${absent.map((c) => `${title(c)} named like ${list(c.files)}`).join('; ')}`,
      },
    ];
  }
  return absent
    .filter((c) => !found.problems.some((p) => p.why?.includes(title(c))))
    .map((c) => ({
      what: `no file for the required source ${title(c)}`,
      why:
        (whereOf(c) === undefined
          ? 'the project names no place for it'
          : `no file below ${whereOf(c)} is named like ${list(c.files)}`) +
        (unclaimed.length > 0 ? `; not claimed by any contract: ${list(unclaimed.slice(0, 8))}` : ''),
      fix: `add the file, or rename it; names are matched without regard to case`,
    }));
}

export const title = (c: Contract): string => `${c.title.zh} (${c.source})`;
const list = (words: readonly string[]): string => words.join(', ');
/** By code point: the same on every machine, whatever its locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
