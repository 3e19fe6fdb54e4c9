import { type Problem, usageError } from '../../errors.js';
import { hide } from '../../secrets.js';
import type { YamlFile } from '../yaml.js';
import { yamlLibrary } from '../yaml-library.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${VAR}`, `${VAR:-default}`; `$${` stands for `${` itself. */
const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}|\$\{/g;

/**
 * Puts the environment's values into a file. It is done to its texts after YAML was read, so that no value can be anything but
 * a text; one that is all of an unquoted text is read as YAML reads a number or a truth value (`threads: ${THREADS}`).
 */
export function expand(file: YamlFile, env: Environment): YamlFile {
  const problems: Problem[] = [];
  const expanded = file.mapTexts((text, path, plain) => {
    const fault = (index: number, what: string, fix: string) => {
      problems.push({ what, where: file.placeInText(path, index), fix });
      return '';
    };
    let whole = false;
    const value = text.replace(
      VARIABLE,
      (found, name: string | undefined, fallback: string | undefined, at: number) => {
        if (found === '$${') return '${';
        if (name === undefined) {
          return fault(
            at,
            "'${' begins no variable",
            'write ${NAME} or ${NAME:-default}, or $${ for the characters themselves',
          );
        }
        whole = found.length === text.length;
        const given = env[name];
        if (given) {
          hide(given, `\${${name}}`);
          return given;
        }
        if (fallback !== undefined) return fallback;
        return fault(
          at,
          `the environment variable ${name} is ${given === undefined ? 'not set' : 'blank'}`,
          `set it for whoever runs bidui, or give a default: \${${name}:-…}`,
        );
      },
    );
    return whole && plain ? scalar(value) : value;
  });
  if (problems.length > 0) throw usageError(problems);
  return expanded;
}

function scalar(text: string): unknown {
  if (!/^(?:-?\d+(?:\.\d+)?|true|false)$/.test(text)) return text;
  return yamlLibrary().parse(text);
}
