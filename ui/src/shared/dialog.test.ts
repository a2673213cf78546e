// Where a dialog leads the keyboard.

import { createRawSnippet, flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import Dialog from "./Dialog.svelte";

let shown: Record<string, unknown> | undefined;

afterEach(async () => {
  if (shown) await unmount(shown);
  document.body.textContent = "";
});

function open(body: string, footer?: string): Element | null {
  const snippet = (html: string) => createRawSnippet(() => ({ render: () => html }));
  const props = { title: "Title", closeLabel: "Close", onclose: vi.fn(), children: snippet(body), footer: footer ? snippet(footer) : undefined };
  shown = mount(Dialog, { target: document.body, props });
  flushSync();
  return document.activeElement;
}

it("leads into the first field", () => {
  expect(open('<p><input id="field" /></p>', "<button>Cancel</button>")?.id).toBe("field");
});

it("leads to the first way out where there is nothing to fill in, never to the cross", () => {
  expect(open("<p>Remove it?</p>", '<button id="cancel">Cancel</button>')?.id).toBe("cancel");
});

it("holds the keyboard itself while it has nothing yet", () => {
  expect(open("<p>Reading</p>")?.className).toContain("sheet");
});
