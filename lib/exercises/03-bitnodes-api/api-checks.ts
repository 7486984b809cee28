/** How the checks of lesson three let an answer use a fake API, and check its requests. */
import type { MockRequest } from "../../checks/place/api-in-use";
import { type MockPlan, withMockApi } from "../../checks/fakes/mock-api";
import { expectThat, Mismatch, show } from "../../checks/expect";
import { stubIn } from "../../checks/exercise";

/** What an API without an answer does, as words of a message. */
export const HANGS_UP = "when the API hangs up without an answer";

/**
 * Returns what `answer` returns when the API responds as `plan` says.
 *
 * @throws Mismatch if it requested something else than the newest snapshot, or that twice, and whatever `answer`
 * throws.
 */
export function answerFrom<T>(answer: () => Promise<T>, plan: MockPlan): Promise<T> {
  const when = plan.hangsUp ? HANGS_UP : `when the API answers ${plan.status ?? 200}`;
  return withMockApi(plan, async (api) => {
    try {
      const value = await answer();
      const instead = `it returned ${show(value, 60)} without asking. Ask each time: whoever calls the function may keep the answer`;
      expectLatestRequested(when, await api.requests(), api.url, instead);
      return value;
    } catch (error) {
      if (!(error instanceof Mismatch) && !stubIn(error)) {
        expectLatestRequested(when, await api.requests(), api.url, `the function threw ${show(error)}`);
      }
      throw error;
    }
  });
}

/**
 * Expects one request for the latest snapshot, and no others. `when` says what the API answers; `instead` is what the
 * answer did without a request.
 */
function expectLatestRequested(when: string, requests: MockRequest[], base: string, instead: string): void {
  const expected = `${base}snapshots/latest/`;
  expectThat(requests.length > 0, `expected a request for ${expected}, got none: ${instead}`);
  for (const { method, url } of requests) {
    const isRedirected = `${url}/` === expected; // by the real API, to the address with the slash
    expectThat(
      url.startsWith(base),
      `expected a request for ${expected}, got one for ${url}: make the address from BITNODES_URL, inside the function, each time it is called`,
    );
    expectThat(
      !isRedirected || requests.some(({ url }) => url === expected),
      `expected a request for ${expected}, with the slash at its end, got one for ${url}`,
    );
    expectThat(url === expected || isRedirected, `expected a request for ${expected}, got one for ${url}`);
    expectThat(method === "GET", `expected a GET request, got ${method}`);
  }
  const asked = requests.filter(({ url }) => url === expected).length;
  expectThat(asked === 1, `${when}: expected one request, got ${asked}: ask once, whatever the answer`);
}
