import { expect, test } from 'vitest';
import { withScratchEngine } from '../../src/run/scratch-engine.js';

// Trying the older methods one after the other took most of the time that typed rows were written in.
test('texts of scratch tables are packed by one method, whether they repeat or not', async () => {
  const packed = await withScratchEngine({}, async (engine) => {
    await engine.run(
      `CREATE TABLE texts AS SELECT concat('某某有限公司', i * 7919 % 100003) AS name, concat('状态', i % 5) AS status FROM range(200000) AS r(i)`,
    );
    await engine.run('CHECKPOINT');
    return engine.rows<{ compression: string }>(
      `SELECT DISTINCT compression FROM pragma_storage_info('texts') WHERE segment_type = 'VARCHAR'`,
    );
  });
  expect(packed).toEqual([{ compression: 'DICT_FSST' }]);
});
