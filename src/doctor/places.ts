import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { say } from '../config/text.js';
import { bytesOf } from '../engine/size.js';
import { EXIT, type ExitCode } from '../errors.js';
import { memoryThere, memoryUntold, toldFor } from '../run/memory.js';
import { error, type Finding, ok, warning } from './finding.js';

/** The nearest directory above a path that is there: what can be made below it can be made. */
function nearestThere(path: string): string {
  let at = resolve(path);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

const may = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

/** A directory that is written into, or made. */
export function writable(path: string, titleZh: string, titleEn: string, exit: ExitCode): Finding {
  const at = nearestThere(path);
  if (!statSync(at).isDirectory()) {
    return error(
      'places',
      exit,
      say(`${titleZh}的路径中有文件而非目录`, `the ${titleEn}: a part of its path is a file`),
      FIX,
      at,
    );
  }
  if (!may(at, constants.W_OK | constants.X_OK)) {
    return error('places', exit, say(`${titleZh}不可写`, `the ${titleEn} cannot be written`), FIX, at);
  }
  const there = at === resolve(path);
  return ok(
    'places',
    say(
      `${titleZh}可写${there ? '' : '（运行时新建）'}`,
      `the ${titleEn} can be written${there ? '' : ' (it will be made)'}`,
    ),
    path,
  );
}

const FIX = say('更改权限，或在项目文件中换一个目录', 'change its permissions, or name another in the project file');

/** Reports are put in place by renaming beside them: it is the directory above that must be writable. */
export const outFinding = (out: string): Finding =>
  writable(
    existsSync(out) && statSync(out).isDirectory() ? dirname(resolve(out)) : out,
    '报告目录的上级',
    'directory above the reports',
    EXIT.output,
  );

/**
 * Intermediate data takes about so many bytes for each byte of input: cells as text, typed values and what comparing needs.
 * Measured on the pilot and on large parks; packed formats unfold first. Rough, and meant to be on the safe side.
 */
const UNFOLDED = 8;

const gb = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`;

export function diskFinding(tempDir: string, inputBytes: number): Finding {
  const at = nearestThere(tempDir);
  const { bavail, bsize } = statfsSync(at);
  const free = bavail * bsize;
  const need = inputBytes * UNFOLDED + 256 * 1024 ** 2;
  const what = say(
    `临时目录可用 ${gb(free)}，按数据量估计约需 ${gb(need)}`,
    `${gb(free)} free for intermediate data, about ${gb(need)} needed by the size of the extracts`,
  );
  if (free >= need) return ok('room', what, at);
  const fix = say(
    '清理磁盘，或用 limits.temp_dir 换一个磁盘',
    'make room, or name a directory on another disk: limits.temp_dir',
  );
  return free * 2 < need ? error('room', EXIT.machine, what, fix, at) : warning('room', what, fix, at);
}

/** `text` is about how many bytes of text the extracts hold, if they are known. */
export function memoryFinding(limit: string | undefined, text = 0): Finding {
  const there = memoryThere();
  if (limit === undefined) {
    // As --memory would say it.
    const taken = `${(toldFor(memoryUntold(text)) / 1e9).toFixed(1)} GB`;
    return ok(
      'room',
      say(
        `内存 ${gb(there)}，未设上限（按数据量取 ${taken}，放不下的写入磁盘）`,
        `${gb(there)} of memory, no limit set (a run takes ${taken} for these extracts, what does not fit goes to disk)`,
      ),
    );
  }
  const wanted = bytesOf(limit);
  const what = say(`内存上限 ${limit}，本机 ${gb(there)}`, `memory limit ${limit}, the machine has ${gb(there)}`);
  const fix = say('调低 limits.memory；数据超出内存时会用磁盘', 'lower limits.memory; what does not fit goes to disk');
  if (wanted > there) return error('room', EXIT.machine, what, fix);
  if (wanted > there * 0.9) return warning('room', what, fix);
  if (wanted < 512 * 1000 ** 2) {
    return warning(
      'room',
      what,
      say(
        '低于 512MB 可能无法完成，请调高 limits.memory',
        'below 512MB a run may not get through: raise limits.memory',
      ),
    );
  }
  return ok('room', what);
}
