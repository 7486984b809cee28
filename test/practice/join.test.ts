import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import * as bitnodes from "@course/lib/bitnodes";
import { getNodes, GRADING_URL, LIVE_URL, setBitnodesUrl } from "@course/lib/bitnodes";
import { joinNetwork, type JoinOptions, type Network, servePracticeNetwork } from "@course/lib/practice";
import { fetch as undiciFetch, getGlobalDispatcher, request, setGlobalDispatcher } from "undici";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { untilGone } from "../helpers/gone";

const dispatcher = getGlobalDispatcher();
const url = bitnodes.BITNODES_URL;
afterEach(() => {
  setGlobalDispatcher(dispatcher);
  setBitnodesUrl(url);
});

async function join(env: Record<string, string>, options: JoinOptions = {}) {
  const said: string[] = [];
  const network = await joinNetwork({ env, log: (sentence) => said.push(sentence), ...options });
  return { network, said: said.join("\n") };
}

/** A server that counts how often each path was asked for. */
async function countingServer(headers: http.OutgoingHttpHeaders = {}) {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(200, { "content-type": "application/json", ...headers }).end('{"hello":"world"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/` };
}

describe("joinNetwork", () => {
  test("the grader's address is set without asking or starting anybody", async () => {
    const { network, said } = await join({ COURSE_GRADING: "1", BITNODES_URL: "http://127.0.0.1:1/" });
    expect(network).toEqual({ name: "grading", BITNODES_URL: GRADING_URL });
    expect(bitnodes.BITNODES_URL).toBe(GRADING_URL);
    expect(said).toBe("");
  });

  test("a given address is taken as it is, with a slash at its end", async () => {
    const server = await countingServer();
    const { network, said } = await join({ BITNODES_URL: server.url.slice(0, -1) });
    expect(network).toEqual({ name: "given", BITNODES_URL: server.url });
    expect(bitnodes.BITNODES_URL).toBe(server.url);
    expect(said).toContain(server.url);
  });

  test("a given address of somebody else's machine is not asked who it is", async () => {
    const { network } = await join({ BITNODES_URL: "http://nobody.invalid/api/v1/" });
    expect(network.name).toBe("given");
  });

  test("a practice network that runs is joined, given or found", async () => {
    const practice = await servePracticeNetwork({ peers: 3 });
    onTestFinished(() => practice.close());
    const expected = { name: "practice", BITNODES_URL: practice.api, peers: 3 };
    const given = await join({ BITNODES_URL: practice.api });
    expect(given.network).toEqual(expected);
    const found = await join({}, { practiceUrl: practice.api });
    expect(found.network).toEqual(expected);
    expect(found.said).toContain("3 made-up nodes, all on this computer");
  });

  test("COURSE_NETWORK with a typing error is an error that says what it may be", async () => {
    await expect(join({ COURSE_NETWORK: "life" })).rejects.toThrow(
      'expected "practice" or "live", got "life"',
    );
  });

  test("the live network comes with a word about whom is being called", async () => {
    const { network, said } = await join({ COURSE_NETWORK: "live" });
    expect(network).toEqual({ name: "live", BITNODES_URL: LIVE_URL });
    expect(said).toMatch(/real people.*polite.*once in 10 minutes/);
  });

  test.each([
    ["that says nothing about it", {}],
    ["that would rather not be remembered", { "cache-control": "no-cache, private", vary: "Accept, Cookie" }],
  ])("a live API %s is asked once, whichever client asks", async (_, headers) => {
    const server = await countingServer(headers);
    await join({ COURSE_NETWORK: "live", BITNODES_URL: server.url });
    const latest = `${server.url}snapshots/latest/`;
    const answers = [
      await (await request(latest)).body.json(),
      await (await undiciFetch(latest)).json(),
      await (await fetch(latest)).json(),
      await (await request(latest)).body.json(),
    ];
    expect(answers).toEqual(Array(4).fill({ hello: "world" }));
    expect(server.asked).toEqual(["/api/v1/snapshots/latest/"]);
  });

  test("a live API is asked again after ten minutes, and not before", async () => {
    const server = await countingServer({ "cache-control": "max-age=3" });
    await join({ COURSE_NETWORK: "live", BITNODES_URL: server.url });
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const askedAfterMinutes = async (minutes: number) => {
      vi.setSystemTime(Date.now() + minutes * 60_000);
      await (await request(server.url)).body.json();
      return server.asked.length;
    };
    expect(await askedAfterMinutes(0)).toBe(1);
    expect(await askedAfterMinutes(9.5)).toBe(1);
    expect(await askedAfterMinutes(1)).toBe(2);
  });

  test("a live API that says 429 is not remembered for it", async () => {
    const practice = await servePracticeNetwork({ peers: 1, throttled: true });
    onTestFinished(() => practice.close());
    await join({ COURSE_NETWORK: "live", BITNODES_URL: practice.api });
    await expect(getNodes()).rejects.toMatchObject({ status: 429 });
    await practice.throttle(false);
    expect(Object.keys(await getNodes())).toHaveLength(1);
  });
});

describe("when no practice network runs", () => {
  /** Joins twice in a process of its own, and says what came of it. */
  const script = `
    const { joinNetwork } = require("@course/lib/practice");
    const { getNodes } = require("@course/lib/bitnodes");
    const options = { env: {}, practiceUrl: "http://127.0.0.1:1/", peers: 3, log: () => {} };
    Promise.all([joinNetwork(options), joinNetwork(options)]).then(async ([first, second]) => {
      const { pid } = await (await fetch(first.BITNODES_URL)).json();
      console.log(JSON.stringify({ first, second, pid, nodes: Object.keys(await getNodes()).length }));
    });`;

  test("one is started, however often it is joined, and it ends with the process that joined", async () => {
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const line = String((await once(child.stdout, "data"))[0]);
    const { first, second, nodes, pid } = JSON.parse(line) as {
      first: Network;
      second: Network;
      nodes: number;
      pid: number;
    };
    expect(first).toMatchObject({ name: "practice", peers: 3 });
    expect(second).toEqual(first);
    expect(nodes).toBe(3);
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    await untilGone([pid]);
  });
});
