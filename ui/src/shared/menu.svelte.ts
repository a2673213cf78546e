// The menu of whatever is under the pointer or the keyboard; one a window.

import type { IconName } from "./icons";

export interface MenuItem {
  label: string;
  icon: IconName;
  run: () => void;
  testid?: string;
}

interface Open {
  items: readonly MenuItem[];
  /** The keyboard goes back there. */
  anchor: HTMLElement;
  /** Where the pointer was; `null` below the anchor. */
  at: { x: number; y: number } | null;
}

class ContextMenu {
  open = $state.raw<Open | null>(null);

  /** Answers a `contextmenu` event. Without anything to offer no menu comes up, the browser's least of all. */
  show(event: MouseEvent, items: readonly MenuItem[]): void {
    event.preventDefault();
    const target = event.target as HTMLElement;
    const anchor = target.closest<HTMLElement>("button, [tabindex], a, input") ?? target;
    const byPointer = event.button === 2;
    this.open = items.length > 0 ? { items, anchor, at: byPointer ? { x: event.clientX, y: event.clientY } : null } : null;
  }

  close(): void {
    this.open = null;
  }
}

export const menu = new ContextMenu();

/** The keys that ask for the menu of what has the focus. */
export function asksForMenu(event: KeyboardEvent): boolean {
  return event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
}

/** Has the focused element answer as if the second button had been pressed on it. */
export function menuOfFocus(): void {
  const on = document.activeElement ?? document.body;
  on.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, button: 0 }));
}

/** A field with editing of its own: cut, copy and paste are the desktop's there. */
export function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea"));
}
