/** What the reader chose last time, where the browser lets a file remember it. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`bidui.${key}`, value);
  } catch {
    // A file opened from a disk may have no memory; the choice holds for as long as the page is open.
  }
}

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`bidui.${key}`);
  } catch {
    return null;
  }
}
