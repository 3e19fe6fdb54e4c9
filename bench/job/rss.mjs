import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Highest resident memory of this process, in bytes. The system's own figure first: what getrusage tells may be that of the
 * process that started this one.
 */
export function peakRss() {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** From now on `peakRss` tells the highest since; where the system does not offer that, the highest of all stays. */
export function forgetPeak() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not this system.
  }
}
