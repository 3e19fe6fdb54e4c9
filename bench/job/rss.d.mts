export function peakRss(): number;
export function forgetPeak(): void;
