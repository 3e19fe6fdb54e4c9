// Before the tests: the browser that the report page is tested in, from the system's own packages. Only where that needs no
// question asked (root on Debian or Ubuntu); anywhere else the tests that need it say what to install.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const browsers = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'].map((b) => `/usr/bin/${b}`);
const there = process.env.BIDUI_CHROMIUM || browsers.some((b) => existsSync(b));

if (!there && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  process.stderr.write('installing Chromium and Chinese fonts for the tests of the report page …\n');
  const apt = (...args) =>
    execFileSync('/usr/bin/apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
  } catch {
    process.stderr.write('that failed; the tests of the report page will say so\n');
  }
}
