import type { Hook } from '../../config/project/hooks.js';
import type { RunReport } from '../tally.js';
import { runCommandHook } from './command.js';
import { runWebhook } from './webhook.js';

/** All of them side by side, each within its time. Answers what went wrong; it is for people and changes nothing. */
export async function runHooks(hooks: readonly Hook[], report: RunReport): Promise<string[]> {
  const when = report.outcome === 'ok' ? 'finish' : 'failure';
  const called = hooks.map((hook, i) => ({ hook, name: nameOf(hook, i) })).filter(({ hook }) => hook.on.includes(when));
  const ends = await Promise.allSettled(
    called.map(({ hook }) => ('command' in hook ? runCommandHook(hook, report) : runWebhook(hook, report))),
  );
  return ends.flatMap((end, i) =>
    end.status === 'rejected' ? [`${called[i]?.name} failed: ${(end.reason as Error).message}`] : [],
  );
}

const nameOf = (hook: Hook, i: number): string =>
  'command' in hook ? `hook ${i + 1} (${hook.command[0]})` : `hook ${i + 1} (webhook)`;
