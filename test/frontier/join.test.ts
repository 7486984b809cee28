/** Which crawls cannot be joined, and what a worker says of it. */
import { type CrawlSettings, joinCrawl, keyPrefix } from "@course/lib/frontier";
import { describe, expect, test } from "vitest";
import { address, hasServer, newCrawl, refusal, server, useServer } from "./servers";
import { begun } from "./steps";

const { connect } = useServer();

describe.runIf(hasServer)("crawls that cannot be joined", () => {
  test("a crawl that is not there cannot be joined without seeds", async () => {
    const answer = await refusal(joinCrawl(connect("nobody's"), "w", { network: "practice" }));
    expect(answer).toMatchObject({ code: "NO_CRAWL", message: expect.stringContaining("no crawl nobody's") });
  });

  test("a crawl of another network, version or bound cannot be joined", async () => {
    const crawl = newCrawl();
    const steps = await begun(connect(crawl), [address(0)], { maxUnderWay: 9 });
    const join = (wanted: Partial<CrawlSettings>) =>
      refusal(joinCrawl(connect(crawl), "w", { network: "practice", ...wanted }));
    expect(await join({ network: "live" })).toMatchObject({ code: "OTHER_NETWORK" });
    const bound = {
      code: "OTHER_SETTINGS",
      message: expect.stringContaining("9 instead of 10. Leave out --in-all"),
    };
    expect(await join({ maxUnderWay: 10 })).toMatchObject(bound);
    expect(await join({ maxUnderWay: 9 })).toMatchObject({ message: "joined" });
    await steps.connection.ask(["HSET", `${keyPrefix(crawl)}:settings`, "layout", 99]);
    expect(await join({})).toMatchObject({
      code: "OTHER_VERSION",
      message: expect.stringContaining("use one version on all machines"),
    });
  });

  test("a crawl on a server that is not there, or wants another password, cannot be joined; and no message has one", async () => {
    const seeds = [address(0)];
    const absent = connect("x", "redis://someone:geheim@127.0.0.1:1/3");
    const unreachable = await refusal(joinCrawl(absent, "w", { network: "practice" }, seeds));
    expect(unreachable).toMatchObject({
      code: "NO_ANSWER",
      message: expect.stringContaining("no Redis server answers at redis://127.0.0.1:1/3"),
    });
    expect(unreachable.message).not.toContain("geheim");
    const own = await server();
    try {
      await connect("x", own.url).ask(["CONFIG", "SET", "requirepass", "richtig"]);
      const wrong = own.url.replace("unix://", "unix://:geheim@x");
      const refused = await refusal(joinCrawl(connect("x", wrong), "w", { network: "practice" }, seeds));
      expect(refused).toMatchObject({ code: "REFUSED", message: expect.stringContaining("WRONGPASS") });
      expect(refused.message).not.toContain("geheim");
      expect(
        await refusal(joinCrawl(connect("x", own.url), "w", { network: "practice" }, seeds)),
      ).toMatchObject({
        code: "REFUSED",
        message: expect.stringContaining("FRONTIER_URL"),
      });
      const right = own.url.replace("unix://", "unix://:richtig@x");
      expect(await refusal(joinCrawl(connect("x", right), "w", { network: "practice" }, seeds))).toEqual({
        message: "joined",
      });
    } finally {
      await own.stop();
    }
  });
});
