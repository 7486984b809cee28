/** How the checks of lesson three let an answer use a fake API, and check its requests. */
import type { MockRequest } from "../../checks/place/api-in-use";
import { type MockPlan, withMockApi } from "../../checks/fakes/mock-api";
import { expectThat, Mismatch, show } from "../../checks/expect";
import { stubIn } from "../../checks/exercise";

/**
 * Returns what `answer` returns when the API responds as `plan` says.
 *
 * @throws Mismatch if it requested something else than the newest snapshot, and whatever `answer` throws.
 */
export function answerFrom<T>(answer: () => Promise<T>, plan: MockPlan): Promise<T> {
  return withMockApi(plan, async (api) => {
    try {
      const value = await answer();
      const instead = `it returned ${show(value, 60)} without asking. Ask each time: whoever calls the function may keep the answer`;
      expectLatestRequested(await api.requests(), api.url, instead);
      return value;
    } catch (error) {
      if (!(error instanceof Mismatch) && !stubIn(error)) {
        expectLatestRequested(await api.requests(), api.url, `the function threw ${show(error)}`);
      }
      throw error;
    }
  });
}

/** Expects requests for the latest snapshot, and no others. `instead` is what the answer did without a request. */
function expectLatestRequested(requests: MockRequest[], base: string, instead: string): void {
  const expected = `${base}snapshots/latest/`;
  expectThat(requests.length > 0, `expected a request for ${expected}, got none: ${instead}`);
  for (const { method, url } of requests) {
    const address = url.split("?")[0];
    expectThat(
      url.startsWith(base),
      `expected a request for ${expected}, got one for ${url}: make the address from BITNODES_URL, inside the function, each time it is called`,
    );
    expectThat(
      `${address}/` !== expected || requests.some(({ url }) => url.startsWith(expected)),
      `expected a request for ${expected}, with the slash at its end, got one for ${url}`,
    );
    expectThat(
      address === expected || `${address}/` === expected,
      `expected a request for ${expected}, got one for ${url}`,
    );
    expectThat(method === "GET", `expected a GET request, got ${method}`);
  }
}
