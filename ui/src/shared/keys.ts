// Keyboard: combinations as people write them.

/** `Ctrl+Alt+P` from a key press; `null` while only modifiers are down or the key cannot be named. */
export function combination(event: KeyboardEvent): string | null {
  const key = keyName(event.code);
  if (!key) return null;
  const parts = [
    event.ctrlKey && "Ctrl",
    event.altKey && "Alt",
    event.shiftKey && "Shift",
    event.metaKey && "Super",
    key,
  ];
  return parts.filter(Boolean).join("+");
}

/** Whether a combination may be held by the whole desktop: a modifier other than Shift is needed, unless it is an F key. */
export function usableGlobally(keys: string): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  return /^F\d+$/.test(key) || parts.slice(0, -1).some((part) => part !== "Shift");
}

/** Whether a key press is a letter or a digit that is typed, and no command. */
export function isLetter(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && /^[\p{L}\p{N}]$/u.test(event.key);
}

/** Whether two texts name the same combination: a file may have it in another order or case. */
export function sameKeys(a: string, b: string): boolean {
  const plain = (keys: string) => keys.toLowerCase().replace(/\s/g, "").split("+").map((part) => OTHER_NAMES[part] ?? part).sort().join("+");
  return a !== "" && plain(a) === plain(b);
}

const OTHER_NAMES: Readonly<Record<string, string>> = { control: "ctrl", strg: "ctrl", option: "alt", meta: "super", win: "super", cmd: "super", command: "super" };

function keyName(code: string): string | null {
  const letter = /^(?:Key|Digit)(.)$/.exec(code);
  if (letter) return letter[1] ?? null;
  if (/^F\d{1,2}$/.test(code)) return code;
  const named: Record<string, string> = {
    Space: "Space",
    Enter: "Enter",
    Tab: "Tab",
    ArrowUp: "Up",
    ArrowDown: "Down",
    ArrowLeft: "Left",
    ArrowRight: "Right",
    Home: "Home",
    End: "End",
    PageUp: "PageUp",
    PageDown: "PageDown",
    Insert: "Insert",
    Delete: "Delete",
    Minus: "Minus",
    Equal: "Equal",
    Comma: "Comma",
    Period: "Period",
    Slash: "Slash",
    Pause: "Pause",
  };
  return named[code] ?? null;
}

/** Whether a key press belongs to a field that is being typed in. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
