// Loaded before bidui: a clock that goes back and forth by decades, as on a machine without a battery or a time server.
const RealDate = Date;
const JUMPS = [0, -50, 30, -3, 12].map((years) => years * 365.25 * 86_400_000);
let asked = 0;
const now = () => RealDate.now() + JUMPS[asked++ % JUMPS.length];

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }
  static now() {
    return now();
  }
};
