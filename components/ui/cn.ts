import { type ClassValue, clsx } from "clsx";
import { type ClassNameValue, createTailwindMerge, validators } from "tailwind-merge";

/**
 * Of classes that say the same thing differently the last one holds. Which those are is written here as far as our screens
 * use them: what Tailwind has beside that is three times as long, and every page carries it. `cn.test.ts` holds this to the
 * whole of it, for every class we use.
 */
const merge = createTailwindMerge(() => ({
  cacheSize: 500,
  theme: {},
  classGroups,
  conflictingClassGroups,
  conflictingClassGroupModifiers: { "font-size": ["leading"] },
  orderSensitiveModifiers: ["*", "**", "after", "before", "file", "marker", "placeholder", "selection"],
}));

export const cn = (...classes: ClassValue[]): string => merge(clsx(classes) as ClassNameValue);

const { isAny, isNumber, isArbitraryLength } = validators;
/** The same of each of the four sides, as `pt` or `border-t` has it. */
const around = (prefix: string) => ["t", "r", "b", "l"].map((side) => `${prefix}${side}`);

/** Of these every class with the prefix says the same thing, and so does the prefix alone. */
const prefixes = [
  ...["aspect", "object", "overflow", "overflow-x", "overflow-y", "z", "order", "opacity"],
  ...["inset", "inset-x", "inset-y", "top", "right", "bottom", "left"],
  ...["basis", "grow", "shrink", "gap", "gap-x", "gap-y", "justify", "justify-items", "justify-self"],
  ...["content", "items", "self", "place-content", "place-items"],
  ...["grid-cols", "grid-rows", "grid-flow", "auto-cols", "col-span", "col-start", "row-span", "row-start"],
  ...["p", "px", "py", ...around("p"), "m", "mx", "my", ...around("m"), "scroll-mt"],
  ...["size", "w", "min-w", "max-w", "h", "min-h", "max-h"],
  ...["tracking", "leading", "line-clamp", "list", "underline-offset", "align", "whitespace", "break", "break-inside"],
  ...[
    "bg",
    "rounded",
    ...around("rounded-"),
    "rounded-br",
    "rounded-bl",
    "outline-offset",
    "shadow",
    "divide-x",
    "divide-y",
  ],
  ...["blur", "backdrop-blur", "grayscale", "@container"],
  ...["transition", "duration", "ease", "animate", "origin", "translate-x", "translate-y", "scale-x", "rotate"],
  ...["accent", "appearance", "cursor", "pointer-events", "resize", "select", "touch", "fill", "stroke"],
];

const classGroups: Record<string, (string | Record<string, (string | ((value: string) => boolean))[]>)[]> = {
  ...Object.fromEntries(prefixes.map((prefix) => [prefix, [{ [prefix]: ["", isAny] }]])),
  display: [
    "block",
    "inline-block",
    "inline",
    "flex",
    "inline-flex",
    "table",
    "grid",
    "inline-grid",
    "contents",
    "hidden",
  ],
  position: ["static", "fixed", "absolute", "relative", "sticky"],
  visibility: ["visible", "invisible", "collapse"],
  "sr-only": ["sr-only", "not-sr-only"],
  "flex-direction": [{ flex: ["row", "col"] }],
  "flex-wrap": [{ flex: ["wrap", "nowrap"] }],
  flex: [{ flex: [isAny] }],
  "font-size": [
    {
      text: [
        "small",
        "table",
        "body",
        "calm",
        "calm-small",
        "lead",
        "title",
        "calm-title",
        "display",
        isArbitraryLength,
      ],
    },
  ],
  "text-align": [{ text: ["left", "center", "right"] }],
  "text-wrap": [{ text: ["wrap", "nowrap", "balance"] }],
  "text-overflow": ["truncate"],
  "text-color": [{ text: [isAny] }],
  "font-family": [{ font: ["sans", "mono"] }],
  "font-weight": [{ font: ["normal", "semibold", "bold"] }],
  underline: ["underline", "no-underline"],
  "underline-width": [{ decoration: [isNumber] }],
  "border-width": [{ border: ["", isNumber, isArbitraryLength] }],
  ...Object.fromEntries(
    around("border-").map((side) => [`${side}-width`, [{ [side]: ["", isNumber, isArbitraryLength] }]]),
  ),
  "border-style": [{ border: ["solid", "dashed", "dotted", "none"] }],
  "border-collapse": [{ border: ["collapse", "separate"] }],
  "border-color": [{ border: [isAny] }],
  "outline-style": [{ outline: ["dashed", "none"] }],
  "outline-width": [{ outline: ["", isNumber] }],
  "outline-color": [{ outline: [isAny] }],
  "ring-width": [{ ring: ["", isNumber] }],
  "ring-color": [{ ring: [isAny] }],
};

/** What also says what others say: `p-4` all that `px-2` says. */
const conflictingClassGroups: Record<string, string[]> = {
  overflow: ["overflow-x", "overflow-y"],
  inset: ["inset-x", "inset-y", "top", "right", "bottom", "left"],
  "inset-x": ["right", "left"],
  "inset-y": ["top", "bottom"],
  flex: ["basis", "grow", "shrink"],
  gap: ["gap-x", "gap-y"],
  p: ["px", "py", ...around("p")],
  px: ["pr", "pl"],
  py: ["pt", "pb"],
  m: ["mx", "my", ...around("m")],
  mx: ["mr", "ml"],
  my: ["mt", "mb"],
  size: ["w", "h"],
  "font-size": ["leading"],
  "line-clamp": ["display", "overflow"],
  rounded: [...around("rounded-"), "rounded-br", "rounded-bl"],
  "rounded-r": ["rounded-br"],
  "rounded-b": ["rounded-br", "rounded-bl"],
  "rounded-l": ["rounded-bl"],
  "border-width": around("border-").map((side) => `${side}-width`),
};
