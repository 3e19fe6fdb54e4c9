import fc from 'fast-check';

/**
 * Property tests try the same cases every time, so that a red run can be repeated and a green one is no luck. To look for
 * new cases: FAST_CHECK_SEED=$RANDOM npm test
 */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_260_731) });
