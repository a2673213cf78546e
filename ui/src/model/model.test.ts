import { describe, expect, it } from "vitest";
import type { ApiEvent } from "../host/contract.generated";
import { accountView, cardView, scenarioView, settingsView } from "../host/mock/views";
import { leg, line, snapshot } from "./fixtures";
import { type Topic, apply, modelOf } from "./model";

function after(...events: ApiEvent[]) {
  const model = modelOf(snapshot([line("1")], 10, { notices: [] }));
  const touched = new Set<Topic>();
  const steps = events.map((event, i) => apply(model, { seq: 11 + i, ...event }, touched));
  return { model, touched, steps };
}

describe("an event", () => {
  it("puts in, replaces and takes out", () => {
    const account = accountView("office", "nfon", "NFON", 0);
    const scenario = scenarioView("s", "Flood", [], 0);
    const card = cardView(leg(), null, 0);
    const { model, touched, steps } = after(
      { type: "lines", lines: [line("1", { line: "busy" }), line("2")] },
      { type: "lines_gone", ids: ["office/2", "office/none"] },
      { type: "account", account },
      { type: "scenario", scenario },
      { type: "leg", leg: leg() },
      { type: "leg", leg: leg({ phase: "connected" }) },
      { type: "card", card },
      { type: "card_gone", id: card.id },
      { type: "settings", settings: { ...settingsView(), theme: "dark" } },
      { type: "notice", notice: { id: "n", level: "info", at: 0, problem: { code: "x", message: "", hint: "" } } },
    );
    expect(steps).toEqual(steps.map(() => "applied"));
    expect([...model.lines.values()].map((it) => it.line)).toEqual(["busy"]);
    expect([...model.legs.values()].map((it) => it.phase)).toEqual(["connected"]);
    expect(model.cards.size).toBe(0);
    expect(model.settings.theme).toBe("dark");
    expect(model.notices.size).toBe(1);
    expect([...touched].sort()).toEqual(["accounts", "cards", "legs", "lines", "notices", "scenarios", "settings"]);
    expect(model.seq).toBe(20);
  });

  it("of the past changes nothing", () => {
    const model = modelOf(snapshot([line("1")], 10));
    expect(apply(model, { seq: 10, type: "lines_gone", ids: ["office/1"] }, new Set())).toBe("old");
    expect(model.lines.size).toBe(1);
  });

  it("after a gap is not put in", () => {
    const model = modelOf(snapshot([line("1")], 10));
    expect(apply(model, { seq: 12, type: "lines_gone", ids: ["office/1"] }, new Set())).toBe("gap");
    expect(model.lines.size).toBe(1);
    expect(model.seq).toBe(10);
  });

  it("of a kind that is not known here keeps the order", () => {
    const model = modelOf(snapshot([], 10));
    const event = { seq: 11, type: "from_a_later_version" } as unknown as Parameters<typeof apply>[1];
    expect(apply(model, event, new Set())).toBe("applied");
    expect(model.seq).toBe(11);
  });
});
