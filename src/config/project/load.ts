import { dirname, resolve } from 'node:path';
import { type Problem, usageError } from '../../errors.js';
import { shownPath } from '../pack.js';
import { YamlFile } from '../yaml.js';
import { type Environment, expand } from './expand.js';
import { relativeTo } from './path.js';
import { type ProjectFile, projectSchema } from './schema.js';

export interface Project {
  /** As given. */
  path: string;
  /** Its own; what it names is relative to it. */
  dir: string;
  settings: ProjectFile;
  /** Where each setting stands. */
  yaml: YamlFile;
}

/** Reads a project file. Throws one error with every fault in it, each with its place. */
export function loadProject(path: string, env: Environment = process.env): Project {
  const dir = dirname(resolve(path));
  const written = YamlFile.read(path, shownPath(resolve(path)));
  const yaml = expand(written, env);
  const settings = relativeTo(dir, () => yaml.validate(projectSchema, 'project'));
  const problems = ways(written, yaml);
  if (problems.length > 0) throw usageError(problems);
  return { path, dir, settings, yaml };
}

/** `..` is the way out of a directory: only who writes the project may take it, and not behind a glob. */
function ways(written: YamlFile, expanded: YamlFile): Problem[] {
  const before = placesOf(written);
  const problems: Problem[] = [];
  for (const [key, text] of placesOf(expanded)) {
    const path = JSON.parse(key) as (string | number)[];
    const steps = text.split(/[/\\]/);
    const glob = steps.findIndex((s) => /[*?[{(]/.test(s));
    const count = (all: string[]) => all.filter((s) => s === '..').length;
    const fault = (what: string, fix: string) => problems.push({ what, where: expanded.place(path), fix });
    if (glob >= 0 && steps.slice(glob).some((s) => /\.\./.test(s))) {
      fault(
        "this place leads out by '..' behind a glob",
        "write the directory first, and the glob below it: '../drop/*.csv'",
      );
    } else if (count(steps) > count((before.get(key) ?? '').split(/[/\\]/))) {
      fault(
        "a variable leads out of this place by '..'",
        "set it to a path without '..', or write the '..' in this file",
      );
    }
  }
  return problems;
}

function placesOf(yaml: YamlFile): Map<string, string> {
  const data = yaml.data as { sources?: { input?: unknown; places?: Record<string, unknown> } } | null;
  const found = new Map<string, string>();
  const add = (path: (string | number)[], value: unknown) => {
    if (typeof value === 'string') found.set(JSON.stringify(path), value);
    else if (Array.isArray(value)) for (const [i, v] of value.entries()) add([...path, i], v);
  };
  add(['sources', 'input'], data?.sources?.input);
  for (const [id, value] of Object.entries(data?.sources?.places ?? {})) add(['sources', 'places', id], value);
  return found;
}
