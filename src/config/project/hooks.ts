import * as z from 'zod';
import { secret } from './secret.js';

/** What a webhook's body may speak of: `{{anomalies}}`. */
export const HOOK_FACTS = [
  'run',
  'outcome',
  'exit',
  'as_of',
  'host',
  'out',
  'started',
  'seconds',
  'enterprises',
  'anomalies',
  'red',
  'yellow',
  'blue',
  'new',
  'persisting',
  'reopened',
  'resolved',
  'not_comparable',
  'rows',
  'quarantined',
  'missing_sources',
  'guards',
  'problems',
  'text',
] as const;

export type HookFact = (typeof HOOK_FACTS)[number];

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map((m) => m[1] ?? '');

/** Any JSON, its texts with placeholders. */
const template: z.ZodType<unknown> = z.json().superRefine((body, context) => {
  const texts: string[] = [];
  JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  for (const name of texts.flatMap(placeholders)) {
    if ((HOOK_FACTS as readonly string[]).includes(name)) continue;
    context.addIssue({
      code: 'custom',
      message: `{{${name}}}: there is no such fact; known are ${HOOK_FACTS.join(', ')}`,
    });
  }
});

const common = {
  /** `finish`: it ran, whatever it found. `failure`: it could not. */
  on: z
    .array(z.enum(['finish', 'failure']))
    .min(1)
    .default(['finish', 'failure']),
  /** Seconds after which it is given up. */
  timeout: z.number().min(0.1).max(600).default(10),
};

const command = z.strictObject({
  ...common,
  /** Program and arguments, without a shell. Facts come as BIDUI_… in its environment and as JSON on its standard input. */
  command: z.array(z.string().min(1)).min(1),
});

const webhook = z.strictObject({
  ...common,
  webhook: secret.refine((url) => /^https?:\/\//.test(url), 'write an address that begins with https:// or http://'),
  body: template,
  headers: z.record(z.string(), secret).optional(),
  /** A DingTalk robot's signing secret (加签). */
  dingtalk_secret: secret.optional(),
});

/** Told when a run is over. One that fails is told of and changes nothing. */
export const hooks = z.array(z.union([command, webhook]));

export type Hook = z.infer<typeof hooks>[number];
export type CommandHook = z.infer<typeof command>;
export type WebhookHook = z.infer<typeof webhook>;
