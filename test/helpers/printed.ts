/** What tests print with console.log. */
import { afterEach, beforeEach, vi } from "vitest";

/** Catches what each test of a file prints. Returns the list of it, which is empty when a test begins. */
export function catchPrinted(): string[] {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    vi.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  });
  afterEach(() => void vi.restoreAllMocks());
  return printed;
}

/** Returns what was printed as one text, without colours. */
export function plainText(printed: readonly string[]): string {
  return printed.join("\n").replace(/\u001b\[\d+m/g, "");
}
