import { expect, test } from 'vitest';
import { SharedMemory } from '../../src/engine/shared-memory.js';

const soon = () => new Promise((done) => setImmediate(done));

/** Tasks by name that end when they are told to, and the names of those that have begun. */
function tasks(memory: SharedMemory) {
  const begun: string[] = [];
  const end = new Map<string, () => void>();
  const begin = (name: string, bytes: number) =>
    memory.use(bytes, () => {
      begun.push(name);
      return new Promise<void>((done) => end.set(name, done));
    });
  return { begun, begin, end: (name: string) => end.get(name)!() };
}

test('tasks begin in order as they find room, small ones beside a large one', async () => {
  const { begun, begin, end } = tasks(new SharedMemory(100, 3));
  const all = [begin('large', 80), begin('half', 50), begin('small', 20), begin('tiny', 1)];
  await soon();
  expect(begun).toEqual(['large', 'small']);
  end('small');
  await soon();
  expect(begun).toEqual(['large', 'small', 'tiny']);
  end('large');
  await soon();
  expect(begun).toEqual(['large', 'small', 'tiny', 'half']);
  end('tiny');
  end('half');
  await Promise.all(all);
});

test('one that wants more than there is has it all to itself', async () => {
  const { begun, begin, end } = tasks(new SharedMemory(100, 3));
  const all = [begin('first', 1), begin('huge', 1000), begin('last', 1)];
  await soon();
  expect(begun).toEqual(['first', 'last']);
  end('first');
  end('last');
  await soon();
  expect(begun).toEqual(['first', 'last', 'huge']);
  all.push(begin('after', 1));
  await soon();
  expect(begun).not.toContain('after');
  end('huge');
  await soon();
  expect(begun).toContain('after');
  end('after');
  await Promise.all(all);
});

test('so many at a time, whatever the room, and one that fails makes room', async () => {
  const memory = new SharedMemory(Number.POSITIVE_INFINITY, 2);
  const { begun, begin, end } = tasks(memory);
  const failing = memory.use(5, () => Promise.reject(new Error('broken')));
  const all = [begin('one', 1e12), begin('two', 1e12), begin('three', 1e12)];
  await expect(failing).rejects.toThrow('broken');
  await soon();
  expect(begun).toEqual(['one', 'two']);
  end('one');
  await soon();
  expect(begun).toEqual(['one', 'two', 'three']);
  end('two');
  end('three');
  await Promise.all(all);
});
