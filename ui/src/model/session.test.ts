import { describe, expect, it } from "vitest";
import type { Envelope, LineView, Reply, Request } from "../host/contract.generated";
import type { Host } from "../host/host";
import { line, linesEvent, snapshot } from "./fixtures";
import type { Model } from "./model";
import { Session } from "./session";

/** An app whose truth is `lines`; what it says can be lost on the way. */
class FakeApp {
  lines = new Map<string, LineView>();
  seq = 0;
  asked = 0;
  failing = 0;
  handler: (events: Envelope[]) => void = () => undefined;
  model: Model | null = null;
  heard: number[] = [];
  unreachable = 0;
  #later: (() => void)[] = [];

  host: Host = {
    call: async (request: Request): Promise<Reply> => {
      if (request.type !== "snapshot") throw new Error("unexpected");
      this.asked += 1;
      if (this.failing > 0) {
        this.failing -= 1;
        throw new Error("away");
      }
      return { type: "snapshot", snapshot: structuredClone(snapshot([...this.lines.values()], this.seq)) };
    },
    subscribe: async (handler) => {
      this.handler = handler;
    },
    window: { startDrag() {}, fit() {}, painted() {} },
  };

  session = new Session(
    this.host,
    {
      changed: (model) => (this.model = model),
      event: (event) => this.heard.push(event.seq),
      unreachable: () => (this.unreachable += 1),
      clock: () => undefined,
    },
    { frame: (run) => run(), later: (run) => this.#later.push(run) },
  );

  change(next: LineView): Envelope {
    this.lines.set(next.id, next);
    this.seq += 1;
    return linesEvent(this.seq, next);
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) {
      await Promise.resolve();
      for (const run of this.#later.splice(0)) run();
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  shown(): LineView[] {
    return [...(this.model?.lines.values() ?? [])];
  }
}

describe("a session", () => {
  it("takes the snapshot, then events in order", async () => {
    const app = new FakeApp();
    app.change(line("1"));
    await app.session.start();
    await app.settle();
    app.handler([app.change(line("1", { line: "busy" })), app.change(line("2"))]);
    expect(app.shown().map((it) => it.line)).toEqual(["busy", "idle"]);
    expect(app.asked).toBe(1);
  });

  it("keeps events that come before the snapshot, and skips those it already holds", async () => {
    const app = new FakeApp();
    const early = [app.change(line("1")), app.change(line("1", { line: "ringing" }))];
    await app.session.start();
    app.handler(early);
    app.handler([app.change(line("1", { line: "busy" }))]);
    await app.settle();
    expect(app.shown()[0]?.line).toBe("busy");
    expect(app.heard).not.toContain(1);
  });

  it("asks again after a gap, and ends in the app's state", async () => {
    const app = new FakeApp();
    await app.session.start();
    await app.settle();
    app.handler([app.change(line("1"))]);
    app.change(line("2"));
    app.handler([app.change(line("3"))]);
    await app.settle();
    expect(app.asked).toBe(2);
    expect(app.shown()).toEqual([...app.lines.values()]);
    app.handler([app.change(line("4"))]);
    expect(app.shown()).toHaveLength(4);
  });

  it("asks again when told to", async () => {
    const app = new FakeApp();
    await app.session.start();
    await app.settle();
    app.lines.set("office/9", line("9"));
    app.handler([{ seq: ++app.seq, type: "resync" }]);
    await app.settle();
    expect(app.asked).toBe(2);
    expect(app.shown()).toHaveLength(1);
  });

  it("goes on asking while the app does not answer", async () => {
    const app = new FakeApp();
    app.failing = 3;
    app.change(line("1"));
    await app.session.start();
    await app.settle();
    expect(app.unreachable).toBe(3);
    expect(app.shown()).toHaveLength(1);
  });

  it("hears every event once and in order", async () => {
    const app = new FakeApp();
    await app.session.start();
    await app.settle();
    const first = app.change(line("1"));
    const second = app.change(line("2"));
    app.handler([first, first, second]);
    app.handler([second]);
    expect(app.heard).toEqual([1, 2]);
  });

  it("ends 500 lines with 100 changes a second for a minute in exactly the app's state, whatever is lost", async () => {
    for (const loss of [0, 0.002, 0.05]) {
      let seed = 7;
      const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
      const app = new FakeApp();
      for (let i = 0; i < 500; i++) app.lines.set(`office/${i}`, line(String(i)));
      await app.session.start();
      await app.settle();
      const states = ["idle", "ringing", "busy", "offline", "unknown"] as const;
      for (let second = 0; second < 60; second++) {
        const batch: Envelope[] = [];
        for (let i = 0; i < 100; i++) {
          const at = Math.floor(random() * 500);
          const event = app.change(line(String(at), { line: states[Math.floor(random() * 5)] ?? "idle", at: second * 1000 + i }));
          if (random() >= loss) batch.push(event);
          if (random() < 0.3) app.handler(batch.splice(0));
        }
        app.handler(batch);
        if (second % 7 === 0) await app.settle();
      }
      await app.settle();
      // A loss at the very end shows with the next event.
      app.handler([app.change(line("0", { at: 99 }))]);
      await app.settle();
      expect(new Map(app.shown().map((it) => [it.id, it]))).toEqual(app.lines);
    }
  });
});
