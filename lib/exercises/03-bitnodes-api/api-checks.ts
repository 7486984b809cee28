/** How the checks of lesson three let an answer ask a made-up API, and see that it asked the right thing. */
import { type MockRequest, type MockPlan, withMockApi } from "../../checks/fakes/mock-api";
import { expectThat, Mismatch, show } from "../../checks/expect";
import { stubIn } from "../../checks/exercise";

/** What `answer` gives when the API answers as planned. Throws a Mismatch if it asked for something else, and whatever `answer` throws. */
export function answerFrom<T>(answer: () => Promise<T>, plan: MockPlan): Promise<T> {
  return withMockApi(plan, async (asked) => {
    try {
      const value = await answer();
      expectAskedForLatest(asked, plan.url);
      return value;
    } catch (error) {
      if (!(error instanceof Mismatch) && !stubIn(error)) expectAskedForLatest(asked, plan.url, error);
      throw error;
    }
  });
}

function expectAskedForLatest(asked: MockRequest[], base: string, error?: unknown): void {
  const expected = `${base}snapshots/latest/`;
  expectThat(asked.length > 0, nothingAsked(expected, error));
  for (const { method, url } of asked) {
    const address = url.split("?")[0];
    expectThat(
      url.startsWith(base),
      `expected a request for ${expected}, got one for ${url}: make the address from BITNODES_URL, inside the function, each time it is called`,
    );
    expectThat(
      `${address}/` !== expected || asked.some(({ url }) => url.startsWith(expected)),
      `expected a request for ${expected}, with the slash at its end, got one for ${url}`,
    );
    expectThat(
      address === expected || `${address}/` === expected,
      `expected a request for ${expected}, got one for ${url}`,
    );
    expectThat(method === "GET", `expected a GET request, got ${method}`);
  }
}

function nothingAsked(expected: string, error: unknown): string {
  const instead = error === undefined ? "" : ` (the function threw ${show(error)})`;
  return (
    `expected a request for ${expected}, got none${instead}. ` +
    "The check's made-up API answers fetch, undici.fetch and undici.request; node:http or curl do not find it"
  );
}
