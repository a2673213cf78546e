import { expect, it } from "vitest";
import { tellInOurWords } from "./validity";

it("says in our words what a field lacks, once, and takes it back with the next letter", () => {
  document.body.innerHTML = `<form><input required pattern="[a-z]+" data-format-hint="Small letters only."></form>`;
  const stop = tellInOurWords(document, () => "Fill this in.");
  const field = document.querySelector("input")!;
  const said = () => (field.checkValidity(), field.validationMessage);
  expect(said()).toBe("Fill this in.");
  field.value = "ABC";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  expect(said()).toBe("Small letters only.");
  field.value = "abc";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  expect(said()).toBe("");
  stop();
});
