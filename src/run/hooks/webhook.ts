import { createHmac } from 'node:crypto';
import type { HookFact, WebhookHook } from '../../config/project/hooks.js';
import type { RunReport } from '../tally.js';
import { hookFacts } from './facts.js';

/** Posts the filled-in body; throws what went wrong, in words that hold neither address nor secret. */
export async function runWebhook(hook: WebhookHook, report: RunReport, now = Date.now()): Promise<void> {
  const url = hook.dingtalk_secret ? signed(hook.webhook, hook.dingtalk_secret, now) : hook.webhook;
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...hook.headers },
      body: JSON.stringify(filled(hook.body, hookFacts(report))),
      // The address is a secret: it is not handed on to wherever it leads.
      redirect: 'error',
      signal: AbortSignal.timeout(hook.timeout * 1000),
    });
    text = (await answer.text()).slice(0, 2000);
  } catch (error) {
    const { name, cause } = error as Error;
    if (name === 'TimeoutError') throw new Error(`no answer after ${hook.timeout} s`);
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    throw new Error(`it cannot be reached${code ? ` (${code})` : cause instanceof Error ? ` (${cause.message})` : ''}`);
  }
  if (!answer.ok) throw new Error(`it answered with ${answer.status}`);
  const refused = refusal(text);
  if (refused) throw new Error(`it answered that it did not take it: ${refused}`);
}

/** 钉钉自定义机器人“加签”: the time and a signature of it go with the address. */
export function signed(address: string, secret: string, now: number): string {
  const url = new URL(address);
  const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
  url.searchParams.set('timestamp', String(now));
  url.searchParams.set('sign', sign);
  return url.href;
}

/** The robots of WeCom and DingTalk answer 200 and say in the body that they did not take it. */
function refusal(text: string): string | undefined {
  try {
    const { errcode, errmsg } = JSON.parse(text) as { errcode?: number; errmsg?: string };
    return errcode ? `errcode ${errcode}${errmsg ? `, ${String(errmsg).slice(0, 200)}` : ''}` : undefined;
  } catch {
    return undefined;
  }
}

/** Every text of the body with its placeholders replaced: what comes in is a text of JSON, whatever it holds. */
export function filled(body: unknown, facts: Readonly<Record<HookFact, string>>): unknown {
  if (typeof body === 'string') {
    return body.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => facts[name as HookFact] ?? '');
  }
  if (Array.isArray(body)) return body.map((x) => filled(x, facts));
  if (typeof body === 'object' && body !== null) {
    return Object.fromEntries(Object.entries(body).map(([k, v]) => [k, filled(v, facts)]));
  }
  return body;
}
