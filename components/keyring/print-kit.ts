/** Ink on white whatever the theme, one A4 page, nothing else of the page with it. */
const sheet = `
  @page { size: A4; margin: 16mm }
  body { margin: 0; color: #102229; background: #fff; font: 16px/1.5 "Atkinson Hyperlegible Next Variable", system-ui, sans-serif }
  h1 { font-size: 32px; line-height: 1.2; margin: 0 0 8px }
  h2 { font-size: 20px; margin: 0 }
  p { font-size: 18px; margin: 8px 0 }
  ol { columns: 3; column-gap: 32px; margin: 12px 0 0; padding: 0; list-style: none }
  li { display: flex; gap: 12px; padding: 8px 0; border-bottom: 1px solid #c4ccd0; break-inside: avoid }
  li span { width: 24px; text-align: right }
  li b { font-size: 20px }
  section { margin: 24px 0; padding: 24px; border: 2px solid #102229; border-radius: 12px }
  footer { margin-top: 32px; padding-top: 12px; border-top: 1px solid #c4ccd0; font-size: 14px }
`;

/** Prints the words from a page of their own that exists only while it is printed. */
export function printKit(words: readonly string[]): void {
  const frame = document.createElement("iframe");
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  frame.style.cssText = "position:fixed;inset:auto 0 0 auto;width:0;height:0;border:0";
  document.body.append(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  if (!page || !view) {
    frame.remove();
    return;
  }
  page.title = "Recovery kit";
  page.documentElement.lang = "en";
  const look = new view.CSSStyleSheet();
  look.replaceSync(sheet);
  page.adoptedStyleSheets = [look];
  const add = (parent: Element, name: string, text = ""): HTMLElement => {
    const made = page.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  };
  add(page.body, "h1", "This page opens your records");
  add(
    page.body,
    "p",
    "If your device is lost or broken, these words bring everything back on another one. Whoever has this page can do the same, so keep it out of sight. There is no other copy.",
  );
  const section = add(page.body, "section");
  add(section, "h2", "Twelve words, in this order");
  const list = add(section, "ol");
  for (const [at, word] of words.entries()) {
    const item = add(list, "li");
    add(item, "span", String(at + 1));
    add(item, "b", word);
  }
  add(page.body, "p", "Nobody will ask for it. Not the practice, not the pharmacy, not us. If someone does, hang up.");
  add(page.body, "footer", "Recovery kit 1 of 1. It was never sent to us. Page 1 of 1.");
  view.addEventListener("afterprint", () => setTimeout(() => frame.remove(), 0));
  view.focus();
  view.print();
}
