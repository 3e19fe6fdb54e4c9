import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { ZodType } from 'zod';
import { BiduiError, type Problem, usageError } from '../errors.js';
import { BUILTIN_CONTRACTS } from './builtin.js';
import { type Contract, contract } from './contract.js';
import { crossCheck } from './cross-check.js';
import {
  type CodeList,
  codeList,
  type LegalBases,
  legalBases,
  type Params,
  params,
  type Vocabulary,
  vocabulary,
} from './vocabulary.js';
import { YamlFile } from './yaml.js';

export type Param = Params[string];
export type LegalBasis = LegalBases[string];

/** Something from the pack, and the file it stands in. Paths into `yaml` begin at the file's top. */
export interface Located<T> {
  value: T;
  yaml: YamlFile;
}

/** Everything under `checks/` but the themes. Maps are in order of file name, then of the file. */
export interface Pack {
  /** The directory, as given. */
  dir: string;
  vocabulary: Vocabulary;
  /** Contracts by source id, the built-in ones (`quarantined`, `linked`) among them. */
  contracts: ReadonlyMap<string, Contract>;
  /** Ids of the built-in sources: they have no file. */
  builtin: ReadonlySet<string>;
  codes: ReadonlyMap<string, CodeList>;
  params: ReadonlyMap<string, Param>;
  bases: ReadonlyMap<string, LegalBasis>;
  /** Where each stands, by id: for messages with file, line and column. */
  files: {
    vocabulary: YamlFile;
    contracts: ReadonlyMap<string, YamlFile>;
    codes: ReadonlyMap<string, YamlFile>;
    params: ReadonlyMap<string, YamlFile>;
    bases: ReadonlyMap<string, YamlFile>;
  };
}

/** What the files hold before they are held against each other. */
export interface Loaded {
  vocabulary?: Located<Vocabulary>;
  contracts: Located<Contract>[];
  codes: Located<CodeList>[];
  params: Located<Params>[];
  bases: Located<LegalBases>[];
}

/** Reads a checks directory. Throws one error with every fault found in it, each with its place. */
export function loadPack(dir: string): Pack {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw usageError({
      what: `there is no checks directory at ${dir}`,
      why: existsSync(dir) ? 'this is a file' : undefined,
      fix: 'give the directory that holds vocabulary.yaml, sources/ and themes/ with --checks',
    });
  }
  const problems: Problem[] = [];
  const attempt = <T>(load: () => T): T | undefined => {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof BiduiError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const read = <T>(path: string, as: string, schema: ZodType<T>): Located<T> | undefined =>
    attempt(() => {
      const yaml = YamlFile.read(path, shownPath(path));
      return { value: yaml.validateAs(as, schema), yaml };
    });
  const readAll = <T>(folder: string, schema: ZodType<T>): Located<T>[] =>
    yamlFiles(join(dir, folder)).flatMap((path) => read(path, folder, schema) ?? []);

  const vocabularyPath = join(dir, 'vocabulary.yaml');
  if (!existsSync(vocabularyPath)) {
    problems.push({
      what: 'vocabulary.yaml is missing',
      where: { file: shownPath(vocabularyPath) },
      fix: 'a checks directory needs vocabulary.yaml beside sources/ and themes/',
    });
  }
  const loaded: Loaded = {
    vocabulary: existsSync(vocabularyPath) ? read(vocabularyPath, 'vocabulary', vocabulary) : undefined,
    contracts: readAll('sources', contract),
    codes: readAll('codes', codeList),
    params: readAll('params', params),
    bases: readAll('legal-bases', legalBases),
  };
  // A file that could not be read may hold what others refer to: unknown names are then no news.
  problems.push(...crossCheck(loaded, problems.length === 0));
  if (problems.length > 0 || !loaded.vocabulary) throw usageError(problems);
  return assemble(dir, loaded, loaded.vocabulary);
}

function assemble(dir: string, loaded: Loaded, words: Located<Vocabulary>): Pack {
  const entries = <T>(files: Located<Record<string, T>>[]) =>
    files.flatMap((f) => Object.entries(f.value).map(([id, value]) => ({ id, value, yaml: f.yaml })));
  const allParams = entries(loaded.params);
  const allBases = entries(loaded.bases);
  const contracts = [...loaded.contracts.map((c) => c.value), ...BUILTIN_CONTRACTS];
  return {
    dir,
    vocabulary: words.value,
    contracts: new Map(contracts.map((c) => [c.source, c])),
    builtin: new Set(BUILTIN_CONTRACTS.map((c) => c.source)),
    codes: new Map(loaded.codes.map((c) => [c.value.codes, c.value])),
    params: new Map(allParams.map((p) => [p.id, p.value])),
    bases: new Map(allBases.map((b) => [b.id, b.value])),
    files: {
      vocabulary: words.yaml,
      contracts: new Map(loaded.contracts.map((c) => [c.value.source, c.yaml])),
      codes: new Map(loaded.codes.map((c) => [c.value.codes, c.yaml])),
      params: new Map(allParams.map((p) => [p.id, p.yaml])),
      bases: new Map(allBases.map((b) => [b.id, b.yaml])),
    },
  };
}

/** YAML files of a folder in the order of their names; none where there is no such folder. */
export function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** A path as messages show it: from the working directory where it lies below it, with forward slashes. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  const shown = short.startsWith('..') || isAbsolute(short) ? path : short;
  return shown.split(sep).join('/');
}
