/** Returns a part of a URL as it was before it was escaped; undefined if its percent signs stand for no text. */
export function unescaped(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
