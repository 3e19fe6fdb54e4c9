/** One part of the floor in a process of its own. Arguments: which part, and what it needs, as JSON; answers its parent. */
import { runHand } from './hand.js';
import { readFloor } from './read.js';
import { keepTyped } from './typed.js';

const parts = { read: readFloor, hand: runHand, typed: keepTyped } as const;
const [part, args] = process.argv.slice(2) as [keyof typeof parts, string];
const work = parts[part] as (...args: unknown[]) => Promise<unknown>;
const answer = await work(...(JSON.parse(args) as unknown[]));
process.send!({ answer });
process.disconnect();
