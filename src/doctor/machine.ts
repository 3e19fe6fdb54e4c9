import { say } from '../config/text.js';
import { engineVersion } from '../engine/duckdb/database.js';
import { EXIT } from '../errors.js';
import { error, type Finding, ok, warning } from './finding.js';

const LEAST_NODE = 20;

export async function machineFindings(version: string): Promise<Finding[]> {
  const engine = await engineVersion();
  const major = Number(process.versions.node.split('.')[0]);
  const node = say(
    `Node.js ${process.versions.node}，引擎 ${engine}，bidui ${version}`,
    `Node.js ${process.versions.node}, engine ${engine}, bidui ${version}`,
  );
  const found: Finding[] = [
    major >= LEAST_NODE
      ? ok('machine', node)
      : error('machine', EXIT.usage, node, say('安装 Node.js 20 或更高版本', 'install Node.js 20 or later')),
  ];
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  found.push(
    ok(
      'machine',
      say(
        `时区 ${timeZone}，语言 ${locale}：不影响结果，日期只取自 --as-of 和文件名`,
        `time zone ${timeZone}, locale ${locale}: neither changes a result; days come from --as-of and file names alone`,
      ),
    ),
  );
  const charset = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || '';
  if (process.platform !== 'win32' && !/utf-?8/i.test(charset)) {
    found.push(
      warning(
        'machine',
        say(
          `终端字符集为“${charset || '未设置'}”，中文可能显示为乱码；报告文件不受影响`,
          `the terminal's character set is '${charset || 'not set'}': Chinese may be shown garbled; reports are not affected`,
        ),
        say('设置 LANG=zh_CN.UTF-8 或 C.UTF-8', 'set LANG=zh_CN.UTF-8 or C.UTF-8'),
      ),
    );
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    found.push(
      warning(
        'machine',
        say('以 root 运行：权限检查不起作用', 'this is root: what permissions forbid is not noticed'),
        say('为 bidui 建一个专用用户', 'give bidui a user of its own'),
      ),
    );
  }
  return found;
}
