import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import * as bitnodes from "@course/lib/bitnodes";
import { getNodes, GRADING_URL, LIVE_URL, setBitnodesUrl } from "@course/lib/bitnodes";
import { LIVE_SEEDS } from "@course/lib/discovery";
import { fetchGroundTruth, joinNetwork, type JoinOptions, type Network } from "@course/lib/practice";
import { fetch as undiciFetch, getGlobalDispatcher, request, setGlobalDispatcher } from "undici";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { practiceNetwork } from "../helpers/practice-network";
import { untilGone } from "../helpers/gone";

const dispatcher = getGlobalDispatcher();
const url = bitnodes.BITNODES_URL;
afterEach(() => {
  setGlobalDispatcher(dispatcher);
  setBitnodesUrl(url);
});

async function join(env: Record<string, string>, options: JoinOptions = {}) {
  const lines: string[] = [];
  const network = await joinNetwork({ env, log: (sentence) => lines.push(sentence), ...options });
  return { network, logged: lines.join("\n") };
}

/** A server that records the paths of its requests. */
async function countingServer(headers: http.OutgoingHttpHeaders = {}) {
  const requested: string[] = [];
  const server = http.createServer((request, response) => {
    requested.push(request.url!);
    response.writeHead(200, { "content-type": "application/json", ...headers }).end('{"hello":"world"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { requested, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/` };
}

describe("joinNetwork", () => {
  test("joinNetwork() with COURSE_GRADING=1 sets the grader's URL, without a request and without a network", async () => {
    const { network, logged } = await join({ COURSE_GRADING: "1", BITNODES_URL: "http://127.0.0.1:1/" });
    expect(network).toEqual({ name: "grading", BITNODES_URL: GRADING_URL, seeds: [] });
    expect(bitnodes.BITNODES_URL).toBe(GRADING_URL);
    expect(logged).toBe("");
  });

  test("joinNetwork() takes BITNODES_URL as it is, with a slash at its end", async () => {
    const server = await countingServer();
    const { network, logged } = await join({ BITNODES_URL: server.url.slice(0, -1) });
    expect(network).toEqual({ name: "given", BITNODES_URL: server.url, seeds: [] });
    expect(bitnodes.BITNODES_URL).toBe(server.url);
    expect(logged).toContain(server.url);
  });

  test("joinNetwork() sends no request to a BITNODES_URL that is not on this machine", async () => {
    const { network } = await join({ BITNODES_URL: "http://bitnodes.invalid/api/v1/" });
    expect(network.name).toBe("given");
  });

  test("joinNetwork() joins a practice network that runs, by BITNODES_URL or practiceUrl", async () => {
    const practice = await practiceNetwork({ peers: 3 });
    const expected = { name: "practice", BITNODES_URL: practice.api, peers: 3 };
    const given = await join({ BITNODES_URL: practice.api });
    expect(given.network).toMatchObject(expected);
    const found = await join({}, { practiceUrl: practice.api });
    expect(found.network).toMatchObject(expected);
    expect(found.logged).toContain("3 made-up nodes, all on this computer");
  });

  test("joinNetwork() with a share of v2 starts a practice network of its own, once, though another one runs", async () => {
    const practice = await practiceNetwork({ peers: 1 });
    const wanted = [{ BITNODES_URL: practice.api }, { peers: 3, v2: 1 }] as const;
    const [first, second] = [await join(...wanted), await join(...wanted)];
    expect(first.network).toMatchObject({ name: "practice", peers: 3 });
    expect(second.network).toEqual(first.network);
    expect(first.network.BITNODES_URL).not.toBe(practice.api);
    expect(first.logged).toContain("a practice network that speaks v2");
    const truth = await fetchGroundTruth(first.network.BITNODES_URL);
    expect(truth.some(({ v2 }) => v2.transport === "v2")).toBe(true);
    expect((await join({ BITNODES_URL: practice.api })).network.BITNODES_URL).toBe(practice.api);
  });

  test("joinNetwork() of a year joins a practice network of that year, and starts one if another runs", async () => {
    const practice = await practiceNetwork({ peers: 2, population: "2026" });
    const running = { BITNODES_URL: practice.api };
    const expected = { name: "practice", BITNODES_URL: practice.api, peers: 2, population: "2026" };
    const any = await join(running);
    expect(any.network).toMatchObject(expected);
    expect(any.logged).toContain("You call the practice network of 2026: 2 made-up nodes");
    expect((await join(running, { population: "2026" })).network).toMatchObject(expected);
    const other = await join(running, { population: "2018", peers: 3 });
    expect(other.network).toMatchObject({ peers: 3, population: "2018" });
    expect(other.logged).toContain("Starting the practice network of 2018");
    expect(other.network.BITNODES_URL).not.toBe(practice.api);
    const same = await join(running, { population: "2018", peers: 3 });
    expect(same.network.BITNODES_URL).toBe(other.network.BITNODES_URL);
  });

  test("joinNetwork() with a misspelled COURSE_NETWORK throws and names the valid values", async () => {
    await expect(join({ COURSE_NETWORK: "life" })).rejects.toThrow(
      'expected "practice" or "live", got "life"',
    );
  });

  test("joinNetwork() with COURSE_NETWORK=live logs that the nodes belong to real people", async () => {
    const { network, logged } = await join({ COURSE_NETWORK: "live" });
    expect(network).toEqual({ name: "live", BITNODES_URL: LIVE_URL, seeds: LIVE_SEEDS });
    expect(logged).toMatch(/real people.*polite.*once in 10 minutes/);
  });

  test.each([
    ["without cache headers", {}],
    ["that forbids caching", { "cache-control": "no-cache, private", vary: "Accept, Cookie" }],
  ])(
    "joinNetwork() of the live network: an API %s gets one request, whichever client sends it",
    async (_, headers) => {
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
      expect(server.requested).toEqual(["/api/v1/snapshots/latest/"]);
    },
  );

  /** An API that has moved, and compresses every answer or those to clients that accept it. */
  async function packingServer(always: boolean) {
    const server = http.createServer((request, response) => {
      if (request.url === "/old") return void response.writeHead(308, { location: "/new" }).end();
      const accepts = always || String(request.headers["accept-encoding"]).includes("gzip");
      const headers = accepts ? { "content-encoding": "gzip" } : {};
      const body = accepts ? gzipSync('{"hello":"world"}') : '{"hello":"world"}';
      response.writeHead(200, { vary: "accept-encoding", ...headers }).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  test.each([
    ["live", "compresses on request", false],
    ["live", "always compresses", true],
    ["practice", "compresses on request", false],
    ["practice", "always compresses", true],
  ])(
    "joinNetwork() with COURSE_NETWORK=%s: an API that has moved and %s is readable by every client",
    async (network, _, always) => {
      // The cache forgets Vary: after one fetch, request() used to get its compressed bytes for ten minutes.
      const server = await packingServer(always);
      await join({ COURSE_NETWORK: network, BITNODES_URL: server });
      for (const url of [`${server}new`, `${server}old`]) {
        const answers = [
          await (await fetch(url)).json(),
          await (await request(url)).body.json(),
          await (await undiciFetch(url)).json(),
          await (await fetch(url)).json(),
        ];
        expect(answers).toEqual(Array(4).fill({ hello: "world" }));
      }
    },
  );

  test("joinNetwork() of the live network: the API gets its next request after ten minutes, and not before", async () => {
    const server = await countingServer({ "cache-control": "max-age=3" });
    await join({ COURSE_NETWORK: "live", BITNODES_URL: server.url });
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const requestsAfterMinutes = async (minutes: number) => {
      vi.setSystemTime(Date.now() + minutes * 60_000);
      await (await request(server.url)).body.json();
      return server.requested.length;
    };
    expect(await requestsAfterMinutes(0)).toBe(1);
    expect(await requestsAfterMinutes(9.5)).toBe(1);
    expect(await requestsAfterMinutes(1)).toBe(2);
  });

  test("joinNetwork() of the live network: an answer 429 is not cached", async () => {
    const practice = await practiceNetwork({ peers: 1, throttled: true });
    await join({ COURSE_NETWORK: "live", BITNODES_URL: practice.api });
    await expect(getNodes()).rejects.toMatchObject({ status: 429 });
    await practice.throttle(false);
    expect(Object.keys(await getNodes())).toHaveLength(1);
  });
});

describe("when no practice network runs", () => {
  /** Joins twice in a process of its own, and prints both results. */
  const script = `
    const { joinNetwork } = require("@course/lib/practice");
    const { getNodes } = require("@course/lib/bitnodes");
    const options = { env: {}, practiceUrl: "http://127.0.0.1:1/", peers: 3, log: () => {} };
    Promise.all([joinNetwork(options), joinNetwork(options)]).then(async ([first, second]) => {
      const { pid } = await (await fetch(first.BITNODES_URL)).json();
      console.log(JSON.stringify({ first, second, pid, nodes: Object.keys(await getNodes()).length }));
    });`;

  test("joinNetwork() starts one practice network per process, which ends with the process", async () => {
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

  test("joinNetwork() with maxPeers joins a running network that is small, and starts one beside a large one", async () => {
    const large = await practiceNetwork({ peers: 5, latency: 0 });
    const small = `
      const { joinNetwork } = require("@course/lib/practice");
      const join = (maxPeers) => joinNetwork({ env: { BITNODES_URL: "${large.api}" }, peers: 3, maxPeers, log: () => {} });
      Promise.all([join(5), join(4)]).then((networks) => console.log(JSON.stringify(networks)));`;
    const child = spawn(process.execPath, ["-e", small], { stdio: ["ignore", "pipe", "inherit"] });
    const [joined, own] = JSON.parse(String((await once(child.stdout, "data"))[0])) as Network[];
    expect(joined).toMatchObject({ name: "practice", peers: 5, BITNODES_URL: large.api });
    expect(own).toMatchObject({ name: "practice", peers: 3 });
    expect(own.BITNODES_URL).not.toBe(large.api);
    await once(child, "exit");
  });

  /** Joins, kills the network, lists its nodes, and joins again. */
  const killed = `
    const { joinNetwork } = require("@course/lib/practice");
    const { getNodes } = require("@course/lib/bitnodes");
    const said = [];
    const alive = setInterval(() => {}, 1000); // as a kernel is
    (async () => {
      let notify;
      const ended = new Promise((resolve) => (notify = resolve));
      const log = (sentence) => { said.push(sentence); if (sentence.includes("has ended")) notify(); };
      const options = { env: {}, practiceUrl: "http://127.0.0.1:1/", peers: 3, log };
      const first = await joinNetwork(options);
      process.kill((await (await fetch(first.BITNODES_URL)).json()).pid, "SIGKILL");
      await ended;
      const error = await getNodes().catch(({ message }) => message);
      await joinNetwork(options);
      console.log(JSON.stringify({ said, error, nodes: Object.keys(await getNodes()).length }));
      clearInterval(alive);
    })();`;

  test("a network that was killed is named as ended, and joinNetwork() starts a new one", async () => {
    const child = spawn(process.execPath, ["-e", killed], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const line = String((await once(child.stdout, "data"))[0]);
    const { said, error, nodes } = JSON.parse(line) as { said: string[]; error: string; nodes: number };
    expect(said).toContain(
      "The practice network has ended: call joinNetwork() again, which starts a new one.",
    );
    expect(error).toContain("joinNetwork() starts a practice network that has ended");
    expect(nodes).toBe(3);
  });
});
