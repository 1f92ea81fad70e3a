import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, isAccessible, opensPanel, seesTheOther, test } from "./people.ts";

const PLACE = "41.1579N 8.6291W";

/** What a phone takes: a picture of 40 × 30 that lies on its side, with where it was taken. */
async function photo(page: Page): Promise<Buffer> {
  const drawn = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 40;
    canvas.height = 30;
    const paint = canvas.getContext("2d")!;
    paint.fillStyle = "#b8504a";
    paint.fillRect(0, 0, 20, 30);
    return canvas.toDataURL("image/jpeg").slice("data:image/jpeg;base64,".length);
  });
  const bare = Buffer.from(drawn, "base64");
  // Two entries: which way up (6: it lies on its right side), and a description.
  const tiff = Buffer.from(
    `4d4d002a000000080002011200030000000100060000010e0002000000${hex(PLACE.length)}0000002600000000`,
    "hex",
  );
  const data = Buffer.concat([Buffer.from("Exif\0\0"), tiff, Buffer.from(PLACE)]);
  const head = Buffer.from([0xff, 0xe1, 0, data.length + 2]);
  return Buffer.concat([bare.subarray(0, 2), head, data, bare.subarray(2)]);
}
const hex = (n: number) => n.toString(16).padStart(2, "0");

/** Three pages, letters in a font it does not bring, and a script that would run when it is opened. */
function pdf(): Buffer {
  const pages = [1, 2, 3].map((n) => {
    const text = `BT /F1 40 Tf 60 700 Td (Page ${n} of the leaflet) Tj ET`;
    return [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${10 + n} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`,
      `<</Length ${text.length}>>stream\n${text}\nendstream`,
    ] as const;
  });
  const objects = new Map<number, string>([
    [1, "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"],
    [2, "<</Type/Pages/Kids[4 0 R 5 0 R 6 0 R]/Count 3>>"],
    [3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"],
    ...pages.flatMap(([page, content], i) => [[4 + i, page] as const, [11 + i, content] as const]),
  ]);
  const body = [...objects].map(([n, text]) => `${n} 0 obj\n${text}\nendobj\n`).join("");
  return Buffer.from(`%PDF-1.7\n${body}trailer\n<</Root 1 0 R/Size 14>>\nstartxref\n0\n%%EOF`);
}

/** How much of the page that is shown is not white. */
const inkOn = (page: Page) =>
  page.locator("[data-preview] canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i]! < 128 && data[i + 3]! > 128) ink += 1;
    return ink;
  });

test("Ana's photo tells Dr. Osei nothing of place and device, a PDF opens page by page, and nothing in either runs", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana }) => {
  const elsewhere: string[] = [];
  drOsei.context.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== clinic.origin)
      elsewhere.push(request.url());
  });
  const blocked: string[] = [];
  drOsei.page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) blocked.push(message.text());
  });
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Allow", files: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  const { page } = drOsei;
  await drOsei.opensPanel("Files");
  const viewer = page.locator("[data-preview]");

  await test.step("a photo, larger and turned", async () => {
    await opensPanel(ana.page, "Files");
    const taken = { name: "arm\u202egpj.jpg", mimeType: "image/jpeg", buffer: await photo(ana.page) };
    await ana.page.locator('input[type="file"]').first().setInputFiles(taken);
    await expect(ana.page.getByText("Place and device removed before sending")).toBeVisible();
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await expect(viewer).toBeFocused();
    await expect(viewer).toContainText("30 × 40");
    await expect(viewer).toContainText("place and device removed before sending");
    await expect(viewer).toContainText(/Opened now under Ana’s permission of \d\d:\d\d\. Ana sees that you looked\./);
    const picture = viewer.getByRole("img", { name: "armgpj.jpg" });
    const width = async () => (await picture.boundingBox())!.width;
    const before = await width();
    await page.keyboard.press("+");
    await viewer.getByRole("button", { name: "Zoom in" }).click();
    await expect.poll(width).toBeGreaterThan(2 * before);
    await page.keyboard.press("0");
    await viewer.getByRole("button", { name: "Turn" }).click();
    await expect(picture).toHaveCSS("transform", /matrix\(0, 1, -1, 0/);
  });

  await test.step("the copy she saves has its place no more, and a name that is one", async () => {
    const saving = page.waitForEvent("download");
    await viewer.getByRole("button", { name: "Save a copy" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe("armgpj.jpg");
    const bytes = await readFile(await saved.path());
    expect(bytes.includes(PLACE)).toBe(false);
    expect(bytes.length).toBeGreaterThan(300);
    await viewer.getByRole("button", { name: "Add to notes" }).click();
    await expect(viewer.getByRole("button", { name: "In your notes" })).toBeVisible();
    await viewer.getByRole("button", { name: "Back to files" }).click();
    await expect(page.getByRole("button", { name: "Open", exact: true })).toBeFocused();
  });

  await test.step("a PDF, page by page", async () => {
    await ana.sends("leaflet.pdf", pdf());
    await page.getByRole("listitem").filter({ hasText: "leaflet.pdf" }).getByRole("button", { name: "Open" }).click();
    await expect(viewer).toContainText("Page 1 of 3");
    await expect(viewer).toContainText("1 of 2");
    await expect.poll(() => inkOn(page)).toBeGreaterThan(500);
    await page.keyboard.press("ArrowRight");
    await viewer.getByRole("button", { name: "Next page" }).click();
    await expect(viewer).toContainText("Page 3 of 3");
    await expect.poll(() => inkOn(page)).toBeGreaterThan(500);
    await isAccessible(page);
  });

  await test.step("a page that says it is a picture is only saved", async () => {
    await ana.sends("x-ray.png", Buffer.from("<script>document.title='run'</script>"));
    await viewer.getByRole("button", { name: "Back to files" }).click();
    await page.getByRole("listitem").filter({ hasText: "x-ray.png" }).getByRole("button", { name: "Open" }).click();
    await expect(viewer).toContainText("This file is not the picture it says it is");
    await expect(page).not.toHaveTitle("run");
  });

  await test.step("what she added to her notes is there", async () => {
    await page.getByRole("tab", { name: "Notes" }).click();
    await expect(page.getByRole("textbox", { name: "Notes" })).toHaveValue(/armgpj\.jpg \(from Ana/);
  });
  expect(elsewhere).toEqual([]);
  expect(blocked).toEqual([]);
});
